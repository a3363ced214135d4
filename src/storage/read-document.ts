/** Reads and validates YAML and JSON files. Errors name the file, each invalid field with its value, and the remedy. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { defined } from '../core/defined.ts';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';

export type DocumentKind<T> = {
  /** How messages name this kind of document, for example 'training recipe'. */
  readonly name: string;
  readonly schema: z.ZodType<T>;
  /** Tells the user what to do if the file is missing or invalid. */
  readonly hint?: string;
};

/** Reads a YAML file. Throws `not-found` if it cannot be read and `invalid-input` if its content is invalid. */
export async function readYaml<T>(path: string, kind: DocumentKind<T>): Promise<T> {
  // `merge` enables the YAML 1.1 key `<<`, which reproduction plans use.
  return readDocument(path, { kind, format: 'YAML', parseText: (text) => parse(text, { merge: true }) as unknown });
}

/** Reads a JSON file. Throws `not-found` if it cannot be read and `invalid-input` if its content is invalid. */
export async function readJson<T>(path: string, kind: DocumentKind<T>): Promise<T> {
  return readDocument(path, { kind, format: 'JSON', parseText: (text) => JSON.parse(text) as unknown });
}

/** Works like `readJson`, but returns undefined if the file does not exist. */
export async function readJsonIfPresent<T>(path: string, kind: DocumentKind<T>): Promise<T | undefined> {
  return readJson(path, kind).catch((error: unknown) => {
    if (error instanceof GlobeError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
}

/** Validates a value. The message of the `invalid-input` error starts with `label`. */
export function checkDocument<T>(value: unknown, label: string, { name, schema, hint }: DocumentKind<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${problemText(issue, value)}`);
  throw invalidInput(`${label} is not a valid ${name}:\n${problems.join('\n')}`, hint);
}

async function readDocument<T>(
  path: string,
  { kind, format, parseText }: { kind: DocumentKind<T>; format: string; parseText: (text: string) => unknown },
): Promise<T> {
  const { name, hint } = kind;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const message = `Cannot read the ${name} ${path}: ${messageOf(cause)}.`;
    throw new GlobeError({ code: 'not-found', message, ...defined({ hint }), cause });
  });
  let value: unknown;
  try {
    value = parseText(text);
  } catch (error) {
    throw invalidInput(`${path} is not valid ${format}: ${messageOf(error)}`, hint);
  }
  return checkDocument(value, path, kind);
}

const MAX_VALUE_CHARACTERS = 80;

/** Describes one invalid field: "gates.size: Too small: expected number to be >0 (the value is -1)". */
function problemText({ path, message }: z.core.$ZodIssue, document: unknown): string {
  if (path.length === 0) return message;
  const value = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key],
    document,
  );
  const isLeaf = value !== undefined && (typeof value !== 'object' || value === null);
  const shown = isLeaf ? ` (the value is ${JSON.stringify(value).slice(0, MAX_VALUE_CHARACTERS)})` : '';
  return `${z.core.toDotPath(path)}: ${message}${shown}`;
}
