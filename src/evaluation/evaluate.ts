/**
 * Runs a locator over a benchmark's images. The run can be interrupted at any time: each finished image is appended to
 * a log at once, and the next call locates only the remaining images. If a request or a file fails, the failure is
 * recorded with its reason and never counted as an answer. The next call tries that image again. The final file has the
 * benchmark's order.
 */
import PQueue from 'p-queue';
import { GlobeError, messageOf } from '../core/errors.ts';
import { seedFrom } from '../core/random.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import type { Locator } from '../locator/locator.ts';
import { systemClock } from '../service/clock.ts';
import type { Clock } from '../service/clock.ts';
import { openAppendLog } from '../storage/append-log.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import type { RunFolder } from '../storage/run-folder.ts';
import type { BenchmarkImage } from './benchmark-images.ts';
import { createPatience, DEFAULT_PATIENCE_MS } from './patience.ts';
import type { Patience } from './patience.ts';
import { failedRecord, finalRecord, recordOf, recordSchema } from './prediction-record.ts';
import type { PredictionRecord } from './prediction-record.ts';

/** Names of the files in a run's folder. */
export const RUN_FILES = { log: 'predictions.log.jsonl', predictions: 'predictions.jsonl' } as const;

const MISSING_REASON = 'the image is not in the folder';

/** Number of consecutive failures that stops the run, because the remaining images would probably fail too. */
export const MAX_FAILURES_IN_A_ROW = 20;

export type EvaluateOptions = {
  /** Images in the order of the final file. An image without a path counts as failed. */
  readonly images: readonly BenchmarkImage[];
  readonly locator: Locator;
  readonly prepare: (path: string, options: { readonly signal: AbortSignal }) => Promise<PreparedImage>;
  readonly run: RunFolder;
  readonly concurrency?: number;
  /** Seed of the run. Each image's seed is computed from it and the image's id. */
  readonly seed?: number;
  readonly signal: AbortSignal;
  /** How long the run waits for a service that is down before it ends; 30 minutes by default. */
  readonly patienceMs?: number;
  readonly clock?: Clock;
  /** Receives messages for the user, for example that the run waits for the service. */
  readonly onNotice?: (text: string) => void;
  readonly onProgress?: (progress: Progress) => void;
};

export type Progress = {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly kept: number;
};

export type Evaluated = {
  /** One record for each image, in the order of `images`. */
  readonly records: readonly PredictionRecord[];
  /** Number of images that an earlier call finished. */
  readonly kept: number;
  /** Number of images in the folder whose request or file failed. The next call retries them. */
  readonly failed: number;
  /** Number of bytes that were cut from the log because its last line was incomplete. */
  readonly tornBytes: number;
};

/**
 * Locates the images and writes the final predictions once every image has a record. Rejects with the signal's reason
 * if interrupted. Rejects with a `service` error after MAX_FAILURES_IN_A_ROW consecutive failures, or if the service
 * stays down. Finished images stay in the log.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluated> {
  const { images, run } = options;
  const log = await openAppendLog(run.file(RUN_FILES.log), { digests: true, schema: recordSchema });
  const results = new Map<string, PredictionRecord>();
  try {
    // A retried image has several records; the last one counts.
    for (const record of log.records) results.set(record.id, record);
    const pending = images.filter(({ id }) => (results.get(id)?.status ?? 'failed') === 'failed');
    const kept = images.length - pending.length;
    await locateAll({
      ...options,
      pending,
      kept,
      save: async (record) => {
        await log.append(record);
        results.set(record.id, record);
      },
    });
    const records = images.map(({ id }) => results.get(id)!);
    await writePredictions(run, images, records);
    return {
      records,
      kept,
      failed: records.filter(isRetryable).length,
      tornBytes: log.tornBytes,
    };
  } finally {
    await log.close();
  }
}

/** True for a failure that a rerun may repair. An image that is not in the folder stays a failure. */
export const isRetryable = ({ status, reason }: PredictionRecord): boolean =>
  status === 'failed' && reason !== MISSING_REASON;

type LocateAll = EvaluateOptions & {
  readonly pending: readonly BenchmarkImage[];
  readonly kept: number;
  readonly save: (record: PredictionRecord) => Promise<void>;
};

async function locateAll({
  images,
  pending,
  kept,
  save,
  concurrency = 8,
  signal,
  patienceMs = DEFAULT_PATIENCE_MS,
  clock = systemClock,
  onNotice,
  onProgress,
  ...options
}: LocateAll): Promise<void> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const queue = new PQueue({ concurrency });
  const patience = createPatience({ clock, patienceMs, onNotice });
  let done = 0;
  let failed = 0;
  let failedInARow = 0;
  const report = (): void => onProgress?.({ total: images.length, done: kept + done, failed, kept });
  report();
  const tasks = pending.map((image) => async () => {
    if (either.aborted) return;
    let record: PredictionRecord | 'aborted';
    try {
      const isLast = (): boolean => pending.length - done === 1;
      record = await locateOne(image, { ...options, patience, isLast, signal: either });
      if (record === 'aborted') return;
      await save(record);
    } catch (error) {
      // Stop the run: more requests would also fail, or would cost money for answers that cannot be saved.
      stop.abort(error);
      return;
    }
    done += 1;
    failed += Number(record.status === 'failed');
    failedInARow = record.status === 'failed' ? failedInARow + 1 : 0;
    report();
    if (failedInARow >= MAX_FAILURES_IN_A_ROW && done < pending.length) stop.abort(tooManyFailures(record));
  });
  await queue.addAll(tasks);
  either.throwIfAborted();
}

type LocateOne = Pick<EvaluateOptions, 'locator' | 'prepare' | 'seed' | 'signal'> & {
  readonly patience: Patience;
  readonly isLast: () => boolean;
};

/** Locates one image and records a failure. Throws only errors that must end the run. */
async function locateOne(
  image: BenchmarkImage,
  { locator, prepare, seed = 0, signal, patience, isLast }: LocateOne,
): Promise<PredictionRecord | 'aborted'> {
  if (image.path === undefined) return failedRecord(image.id, MISSING_REASON);
  for (let tries = 1; ; tries++) {
    const answersBefore = patience.answers();
    try {
      await patience.ready(signal);
      const prepared = await prepare(image.path, { signal });
      const location = await locator.locate(prepared, { signal, seed: seedFrom(`${seed}:${image.id}`) });
      patience.answered();
      return recordOf(image.id, location);
    } catch (error) {
      // A failure is recorded and does not stop the other images. An interruption is not a failure.
      if (signal.aborted) return 'aborted';
      const attempt = { tries, answersBefore, isLast: isLast() };
      if (patience.failed(error, attempt) === 'record') return failedRecord(image.id, messageOf(error));
    }
  }
}

async function writePredictions(
  run: RunFolder,
  images: readonly BenchmarkImage[],
  records: readonly PredictionRecord[],
): Promise<void> {
  const lines = images.map((image, index) => `${JSON.stringify(finalRecord(image, records[index]!))}\n`);
  await writeFileAtomic(run.file(RUN_FILES.predictions), lines.join(''));
}

function tooManyFailures({ reason }: PredictionRecord): GlobeError {
  return new GlobeError({
    code: 'service',
    message: `${MAX_FAILURES_IN_A_ROW} images in a row failed. The last error: ${reason}`,
    hint: 'Fix the cause and run the same command again: finished images are kept, failed images are retried.',
  });
}
