/**
 * Locates many photos as a run that survives interruptions. Each answer is appended to a log at once. The next call
 * locates only the photos without an answer. A photo that appears twice is sent once.
 */
import { hash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import { prepareImage } from '../../image/prepare-image.ts';
import { thumbnailBytes } from '../../image/thumbnail.ts';
import { openAppendLog } from '../../storage/append-log.ts';
import type { AppendLog } from '../../storage/append-log.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import type { RunFolder } from '../../storage/run-folder.ts';
import { metadataOf } from '../locate-photos.ts';
import type { Location, Locator } from '../locator.ts';
import type { PhotoInput } from '../photo-inputs.ts';
import { failedResult, photoResult } from '../photo-result.ts';
import type { MetadataMode, ReverseGeocode } from '../photo-result.ts';
import { readPhoto } from '../read-photo.ts';
import { isOpen, photoRecordSchema } from './photo-record.ts';
import type { FileState, PhotoRecord } from './photo-record.ts';
import { RUN_FILES, writePhotoList } from './run-files.ts';
import { createServiceOutage } from './service-outage.ts';
import type { ServiceOutage } from './service-outage.ts';

/** Number of photos to read and prepare while the maximum number of requests is in flight. */
const PREPARED_AHEAD = 2;
/** Disk space for the answers that arrive while a full disk stops the run. */
const RESERVE_BYTES = 2 ** 20;
const MAX_STATS_AT_ONCE = 32;

export type LocateRunOptions = {
  readonly run: RunFolder;
  readonly photos: readonly PhotoInput[];
  readonly locator: Locator;
  readonly reverse: ReverseGeocode;
  readonly metadata: MetadataMode;
  readonly maxPixels?: number;
  readonly seed?: number;
  readonly concurrency: number;
  /** Whether to leave out photos whose file or sidecar has a position. */
  readonly onlyWithoutGps?: boolean;
  /** Whether to write small copies into the run's folder. */
  readonly thumbnails?: boolean;
  /** The outage that the model's retry policy also uses. */
  readonly outage?: ServiceOutage;
  readonly signal: AbortSignal;
  /**
   * Receives the last record of each photo as soon as it exists, also if the run fails later, so that the caller need
   * not read the log again.
   */
  readonly records?: Map<string, PhotoRecord>;
  /** Called once per photo, in the order of the photos, as soon as its record and all earlier ones exist. */
  readonly onRecord?: (record: PhotoRecord) => void;
  readonly onProgress?: (progress: RunProgress) => void;
};

export type RunProgress = {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** Number of photos that an earlier call finished. */
  readonly kept: number;
  /** The record that was just written; absent at the start. */
  readonly record?: PhotoRecord;
};

export type LocatedRun = {
  readonly kept: number;
  /** Size in bytes of an incomplete record that an interrupted call left. */
  readonly tornBytes: number;
};

/**
 * Locates the photos that have no answer yet. Rejects with the signal's reason if interrupted, and with a `service`
 * error if the service or the disk fails; all answers so far are in the run's log. `readRun` reads them.
 *
 * @example
 * await using run = await openRun({ name: 'holidays', options: { command: 'locate', model: locator.name } });
 * await locateRun({ run, photos, locator, reverse: gazetteer.reverse, metadata: 'report', concurrency: 4, signal });
 */
export async function locateRun(options: LocateRunOptions): Promise<LocatedRun> {
  const { run, signal } = options;
  signal.throwIfAborted();
  // The same file may be named twice.
  const photos = [...new Map(options.photos.map((photo) => [photo.name, photo])).values()];
  await writePhotoList(run.path, photos);
  if (options.thumbnails === true) await mkdir(join(run.path, RUN_FILES.thumbnails), { recursive: true });
  const log = await openAppendLog<PhotoRecord>(run.file(RUN_FILES.log), {
    digests: true,
    schema: photoRecordSchema,
    reserveBytes: RESERVE_BYTES,
  });
  try {
    const kept = await locateOpen({ ...options, photos }, log);
    return { kept, tornBytes: log.tornBytes };
  } finally {
    await log.close();
  }
}

type Attempt = {
  readonly photo: PhotoInput;
  /** The record of an earlier call, whose file may have changed since. */
  readonly before: PhotoRecord | undefined;
  readonly file: FileState | undefined;
};

async function locateOpen(options: LocateRunOptions, log: AppendLog<PhotoRecord>): Promise<number> {
  const { photos, concurrency, signal, outage = createServiceOutage(), onProgress } = options;
  const records = options.records ?? new Map<string, PhotoRecord>();
  for (const record of log.records) records.set(record.photo, record);
  const attempts = await attemptsOf(photos, records);
  const pending = attempts.filter((attempt) => needsAnswer(attempt));
  const kept = photos.length - pending.length;
  const answers = contentAnswers(attempts.filter((attempt) => !needsAnswer(attempt)));
  const flush = inOrder(photos, records, new Set(pending.map(({ photo }) => photo.name)), options.onRecord);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const queue = new PQueue({ concurrency: concurrency + PREPARED_AHEAD });
  let done = 0;
  let failed = 0;
  const report = (record?: PhotoRecord): void =>
    onProgress?.({ total: photos.length, done: kept + done, failed, kept, ...defined({ record }) });
  report();
  flush();
  await queue.addAll(
    pending.map((attempt) => async () => {
      if (either.aborted) return;
      try {
        const { record, error } = await answerPhoto(attempt, { ...options, outage, answers, signal: either });
        await log.append(record);
        records.set(record.photo, record);
        done += 1;
        failed += Number(record.result?.kind === 'failed');
        flush(record.photo);
        report(record);
        if (log.failure() !== undefined) throw log.failure();
        if (error !== undefined) outage.failed(error);
      } catch (error) {
        // More requests would also fail, or would cost money for answers that cannot be saved.
        if (!either.aborted) stop.abort(error);
      }
    }),
  );
  either.throwIfAborted();
  return kept;
}

/** Joins each photo with its earlier record and the present state of its file. */
async function attemptsOf(
  photos: readonly PhotoInput[],
  records: ReadonlyMap<string, PhotoRecord>,
): Promise<readonly Attempt[]> {
  const queue = new PQueue({ concurrency: MAX_STATS_AT_ONCE });
  return queue.addAll(
    photos.map((photo) => async () => ({
      photo,
      before: records.get(photo.name),
      file: photo.kind === 'file' ? await fileStateOf(photo.name) : undefined,
    })),
  );
}

/** Returns undefined for a file that does not exist. Its failure is recorded when it is read. */
async function fileStateOf(path: string): Promise<FileState | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : { bytes: found.size, modifiedMs: Math.floor(found.mtimeMs) };
}

function needsAnswer({ before, file }: Attempt): boolean {
  if (isOpen(before)) return true;
  return before?.file?.bytes !== file?.bytes || before?.file?.modifiedMs !== file?.modifiedMs;
}

/** A location and the photo that received it, by the SHA-256 of the photo's content. */
type ContentAnswers = Map<string, { readonly photo: string; readonly location: Promise<ContentAnswer> }>;
type ContentAnswer = { readonly location: Location; readonly thumbnail?: string };

function contentAnswers(finished: readonly Attempt[]): ContentAnswers {
  const answers: ContentAnswers = new Map();
  for (const { before } of finished) {
    const { photo, content, sameAs, result, thumbnail } = before!;
    if (content === undefined || sameAs !== undefined || result === undefined || result.kind === 'failed') continue;
    // With --metadata use, the record has the photo's own position instead of the location.
    if (result.positionFrom === 'exif') continue;
    const { image: _, positionFrom: __, exif: ___, exifDistanceKm: ____, model: _____, ...location } = result;
    answers.set(content, { photo, location: Promise.resolve({ location, ...defined({ thumbnail }) }) });
  }
  return answers;
}

type AnswerOptions = LocateRunOptions & { readonly outage: ServiceOutage; readonly answers: ContentAnswers };

/** Locates one photo. Returns the failure beside its record. Throws only errors that must end the run. */
async function answerPhoto(
  { photo, before, file }: Attempt,
  options: AnswerOptions,
): Promise<{ readonly record: PhotoRecord; readonly error?: GlobeError }> {
  const { metadata: mode, reverse, signal, outage } = options;
  const name = photo.name;
  const facts = { photo: name, ...defined({ file }) };
  let content: string | undefined;
  try {
    const bytes = await readPhoto(photo, signal);
    content = hash('sha256', bytes);
    // The file was touched, but its content is that of its answer.
    if (before !== undefined && !isOpen(before) && before.content === content)
      return { record: { ...before, ...facts } };
    const exif = mode === 'ignore' && options.onlyWithoutGps !== true ? undefined : await metadataOf(photo, bytes);
    if (options.onlyWithoutGps === true && exif?.coordinate !== undefined) {
      return { record: { ...facts, content, skipped: 'it has a position' } };
    }
    const { answer, sameAs } = await locateContent(bytes, { ...options, name, content });
    outage.answered();
    const { usage, ...location } = answer.location;
    // Only the photo that was sent has the tokens of the answer.
    const counted = sameAs === undefined ? { ...location, ...defined({ usage }) } : location;
    const shown = mode === 'ignore' ? {} : defined({ exif });
    const result = photoResult(counted, { image: name, mode, reverse, ...shown });
    return { record: { ...facts, content, ...defined({ sameAs, thumbnail: answer.thumbnail }), result } };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof GlobeError) || error.code === 'internal') throw error;
    return { record: { ...facts, ...defined({ content }), result: failedResult(name, error) }, error };
  }
}

async function locateContent(
  bytes: Uint8Array,
  { name, content, answers, ...options }: AnswerOptions & { readonly name: string; readonly content: string },
): Promise<{ readonly answer: ContentAnswer; readonly sameAs?: string }> {
  const known = answers.get(content);
  if (known !== undefined && known.photo !== name) return { answer: await known.location, sameAs: known.photo };
  const { locator, signal, maxPixels, seed, run } = options;
  const locating = (async (): Promise<ContentAnswer> => {
    const image = await prepareImage(bytes, { label: name, signal, ...defined({ maxPixels }) });
    const location = await locator.locate(image, { signal, ...defined({ seed }) });
    if (options.thumbnails !== true) return { location };
    const thumbnail = `${RUN_FILES.thumbnails}/${content.slice(0, 32)}.jpg`;
    await writeFileAtomic(join(run.path, thumbnail), await thumbnailBytes(image));
    return { location, thumbnail };
  })();
  answers.set(content, { photo: name, location: locating });
  try {
    return { answer: await locating };
  } catch (error) {
    // The next call, or a copy of the photo later in this call, tries again.
    answers.delete(content);
    throw error;
  }
}

/** Returns a function that passes on records in the order of the photos, as far as they exist. */
function inOrder(
  photos: readonly PhotoInput[],
  records: ReadonlyMap<string, PhotoRecord>,
  pending: Set<string>,
  onRecord: ((record: PhotoRecord) => void) | undefined,
): (finished?: string) => void {
  let next = 0;
  return (finished) => {
    if (finished !== undefined) pending.delete(finished);
    for (; next < photos.length && !pending.has(photos[next]!.name); next++) {
      onRecord?.(records.get(photos[next]!.name)!);
    }
  };
}
