/**
 * manifest.json of a run: its options, facts about its results, and the SHA-256 of each result file. The manifest has a
 * digest of itself. Readers of a result file call `checkRunFile` first, so that a changed digit is an error.
 */
import { createHash, hash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { invalidInput } from '../core/errors.ts';
import { redactedValue } from '../service/redact.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { type DocumentKind, readJson, readJsonIfPresent } from './read-document.ts';

/** The file that marks a run as complete. */
export const RUN_MANIFEST = 'manifest.json';

/** The file with a run's options. */
export const RUN_OPTIONS_FILE = 'options.json';

/** Version of the manifest. Manifests of older versions have no `format` and no digests. */
const FORMAT = 1;

/** Files that commands read back. Pictures of a generated world and HTML pages are not among them. */
const CHECKED = /\.(?:jsonl?|csv|parquet)$/u;

/** Folders in a run whose files have digests of their own, or that are only for resuming. */
const OWN_DIGESTS = new Set(['model', 'checkpoints', 'observations']);

/**
 * Files without a digest in the manifest: the manifest, the options, and files that may change after the run is
 * complete.
 */
const UNCHECKED = new Set([RUN_MANIFEST, RUN_OPTIONS_FILE, 'progress.json', 'review.jsonl']);

const formatSchema = z.looseObject({
  format: z.literal(FORMAT, { error: 'the file is from a newer version of GLOBE: upgrade' }).exactOptional(),
  digests: z.record(z.string(), z.string()).exactOptional(),
  sha256: z.string().exactOptional(),
});

/** Writes the manifest, with the digests of the files that the run folder has now. */
export async function writeRunManifest(folder: string, facts: Readonly<Record<string, unknown>>): Promise<void> {
  const written = redactedValue(JSON.parse(JSON.stringify(facts))) as object;
  const manifest = { ...written, format: FORMAT, digests: await digestsIn(folder) };
  const document = { ...manifest, sha256: hash('sha256', JSON.stringify(manifest)) };
  await writeFileAtomic(join(folder, RUN_MANIFEST), `${JSON.stringify(document, null, 2)}\n`);
}

/** Reads a manifest. Throws `not-found` if it is missing, and `invalid-input` if it has changed or is invalid. */
export async function readRunManifest<T>(path: string, kind: DocumentKind<T>): Promise<T> {
  return readJson(path, { ...kind, schema: unchanged.pipe(kind.schema) });
}

/** Works like `readRunManifest`, but returns undefined if the file does not exist. */
export async function readRunManifestIfPresent<T>(path: string, kind: DocumentKind<T>): Promise<T | undefined> {
  return readJsonIfPresent(path, { ...kind, schema: unchanged.pipe(kind.schema) });
}

/**
 * Throws `invalid-input` if the file belongs to a complete run and has changed since the run was completed. Accepts
 * files outside runs, and files of unfinished runs and of runs of older versions.
 */
export async function checkRunFile(path: string): Promise<void> {
  const found = await digestOf(path);
  if (found === undefined || found === (await fileDigest(path))) return;
  throw invalidInput(
    `${path} has changed since the run wrote it: its digest does not match.`,
    'Restore the file from a copy, or repeat the command that wrote it. If you changed it on purpose, copy it to another folder first.',
  );
}

/** The digest that the manifest of the file's run records. A file may be up to three folders deep in its run. */
async function digestOf(name: string): Promise<string | undefined> {
  const path = resolve(name);
  for (let folder = dirname(path), depth = 0; depth < 3; folder = join(folder, '..'), depth++) {
    // A folder without options.json is not the folder of a run, even if it contains a manifest.json.
    if (!existsSync(join(folder, RUN_OPTIONS_FILE))) continue;
    const manifest = await readRunManifestIfPresent(join(folder, RUN_MANIFEST), ANY_MANIFEST);
    return manifest?.digests?.[relative(folder, path).replaceAll(sep, '/')];
  }
  return undefined;
}

const ANY_MANIFEST = {
  name: 'manifest of a run',
  schema: formatSchema,
  hint: 'Repeat the command that wrote the run: it completes the manifest.',
};

/** Accepts a manifest of a known format whose digest matches. Keeps the order of its keys, which the digest depends on. */
const unchanged = z.unknown().superRefine((value, context) => {
  const { data, error } = formatSchema.safeParse(value);
  if (error !== undefined) {
    context.addIssue(error.issues[0]!.message);
    return;
  }
  if (data.format === undefined && data.sha256 === undefined) return;
  const { sha256, ...manifest } = value as { readonly sha256?: string };
  if (sha256 !== hash('sha256', JSON.stringify(manifest))) {
    context.addIssue('it has changed since the run wrote it: its digest does not match');
  }
});

async function digestsIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, '/'))
    .filter((name) => CHECKED.test(name) && !UNCHECKED.has(name) && !OWN_DIGESTS.has(name.split('/')[0]!));
  const digests: Record<string, string> = {};
  for (const name of names.toSorted()) digests[name] = await fileDigest(join(folder, name));
  return digests;
}

async function fileDigest(path: string): Promise<string> {
  const sum = createHash('sha256');
  for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
  return sum.digest('hex');
}
