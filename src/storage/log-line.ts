/**
 * Formats and parses the lines of an append-only log. A line is a JSON object whose last key is a digest of the other
 * keys. The digest detects damage that leaves valid JSON, such as a changed digit.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { invalidInput, messageOf } from '../core/errors.ts';
import { withoutSecrets } from '../service/redact.ts';

const DIGEST = /,?"sha256":"([0-9a-f]{64})"\}$/;

/** Returns the JSON of a record as it is written, without the secrets of this process. */
export const recordText = (record: unknown): string => withoutSecrets(JSON.stringify(record));

/** Returns the line of a record, without the line feed. Only objects get a digest. */
export function logLine(record: unknown): string {
  const text = recordText(record);
  if (!text.endsWith('}')) return text;
  return `${text.slice(0, -1)}${text === '{}' ? '' : ','}"sha256":"${hash('sha256', text)}"}`;
}

export type LogOptions<T> = {
  /** True if lines have digests. A log from an older version may begin with lines that have none. */
  readonly digests?: boolean;
  /** The schema that every record must match. */
  readonly schema?: z.ZodType<T>;
  /** What the user can do about a damaged line. */
  readonly hint?: string;
};

const REMOVE_LINE =
  'Interrupting a run does not cause this damage. Remove the line and run the same command again to recreate the record.';

/** Parses the lines. For a damaged line, throws `invalid-input` with the file and the line number. */
export function parseLogLines<T>(
  text: string,
  path: string,
  { digests = false, schema, hint = REMOVE_LINE }: LogOptions<T>,
): T[] {
  let isDigested = false;
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const damaged = (what: string): Error => invalidInput(`${path}, line ${index + 1} ${what}`, hint);
      const found = digests ? DIGEST.exec(line) : null;
      const content = found === null ? line : `${line.slice(0, found.index)}}`;
      if (found === null ? isDigested && line.endsWith('}') : hash('sha256', content) !== found[1]) {
        throw damaged('has changed since it was written: its digest does not match.');
      }
      isDigested ||= found !== null;
      let value: unknown;
      try {
        value = JSON.parse(content);
      } catch (error) {
        throw damaged(`is not JSON: ${messageOf(error)}`);
      }
      if (schema === undefined) return value as T;
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      throw damaged(`is not a valid record: ${z.prettifyError(parsed.error).split('\n').join(' ')}`);
    });
}
