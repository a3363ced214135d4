/** The files of a run of `globe locate`, and their readers. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GlobeError } from '../../core/errors.ts';
import { defined } from '../../core/defined.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import { parseLogLines } from '../../storage/log-line.ts';
import type { Usage } from '../../vision/vision-model.ts';
import { readJson, readJsonIfPresent } from '../../storage/read-document.ts';
import { RUN_OPTIONS } from '../../storage/run-folder.ts';
import { RUN_OPTIONS_FILE } from '../../storage/run-manifest.ts';
import type { PhotoInput } from '../photo-inputs.ts';
import { photoRecordSchema } from './photo-record.ts';
import type { PhotoRecord } from './photo-record.ts';

export const RUN_FILES = {
  log: 'answers.log.jsonl',
  photos: 'photos.json',
  review: 'review.jsonl',
  thumbnails: 'thumbnails',
} as const;

const PHOTO_LIST = {
  name: 'list of photos',
  schema: z.object({ photos: z.array(z.object({ kind: z.enum(['file', 'url']), name: z.string() })) }),
  hint: 'Run the command that started the run again.',
};

/** Adds the photos to the run's list, in their order. A photo that is in the list keeps its position. */
export async function writePhotoList(folder: string, photos: readonly PhotoInput[]): Promise<void> {
  const path = join(folder, RUN_FILES.photos);
  const before = (await readJsonIfPresent(path, PHOTO_LIST))?.photos ?? [];
  const known = new Set(before.map(({ name }) => name));
  const added = photos.filter(({ name }) => !known.has(name));
  if (before.length > 0 && added.length === 0) return;
  await writeFileAtomic(path, `${JSON.stringify({ photos: [...before, ...added] }, null, 1)}\n`);
}

export type PhotoRun = {
  readonly folder: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Number of photos in the run's list, with and without an answer. */
  readonly photos: number;
  /** The last record of each photo that has one, in the order of the list. */
  readonly records: readonly PhotoRecord[];
};

/** Reads a run by its folder, or by its name in `runs`. Throws `not-found` for a folder without answers. */
export async function readPhotoRun(name: string, { runs }: { readonly runs: string }): Promise<PhotoRun> {
  const folder = [name, join(runs, name)].find((path) => existsSync(join(path, RUN_FILES.log)));
  if (folder === undefined) {
    throw new GlobeError({
      code: 'not-found',
      message: `"${name}" is not a run of globe locate.`,
      hint: `Name a folder, or a run in ${runs}, that globe locate --run wrote.`,
    });
  }
  const path = join(folder, RUN_FILES.log);
  // Another process may be writing the last line, so this only reads.
  const lines = parseLogLines<PhotoRecord>(await readFile(path, 'utf8'), path, {
    digests: true,
    schema: photoRecordSchema,
  });
  // A retried photo has several records; the last one counts.
  return assemblePhotoRun(folder, new Map(lines.map((record) => [record.photo, record])));
}

/** Creates the view of a run from the last record of each photo, which the caller has in memory. */
export async function assemblePhotoRun(folder: string, last: ReadonlyMap<string, PhotoRecord>): Promise<PhotoRun> {
  const options = await readJson(join(folder, RUN_OPTIONS_FILE), RUN_OPTIONS);
  const { photos } = await readJson(join(folder, RUN_FILES.photos), PHOTO_LIST);
  const records = photos.flatMap((photo) => last.get(photo.name) ?? []);
  return { folder, options, photos: photos.length, records: withFirstOfCopies(records) };
}

/**
 * Assigns the answer of equal files to the first of them. Which of them was sent depends on chance, but an export must
 * not.
 */
function withFirstOfCopies(records: readonly PhotoRecord[]): PhotoRecord[] {
  const usageOf = new Map<string, Usage>();
  for (const { content, result } of records) {
    if (content !== undefined && result !== undefined && result.kind !== 'failed' && result.usage !== undefined)
      usageOf.set(content, result.usage);
  }
  const firstOf = new Map<string, string>();
  return records.map((record) => {
    const { content, result, sameAs: _, ...rest } = record;
    if (content === undefined || result === undefined || result.kind === 'failed') return record;
    const first = firstOf.get(content);
    const { usage: __, ...location } = result;
    if (first !== undefined) return { ...rest, content, sameAs: first, result: location };
    firstOf.set(content, record.photo);
    const usage = usageOf.get(content);
    return { ...rest, content, result: { ...location, ...defined({ usage }) } };
  });
}
