/**
 * Takes photos through the pipeline, many at a time. Every answer is logged before it is used, so a killed run can
 * resume without asking a logged question again. Each block of photos has its own log file, so that memory does not
 * grow with the dataset. If an instrument fails, the photo becomes pending; it is not dropped.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { defined } from '../../core/defined.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import { openAppendLog } from '../../storage/append-log.ts';
import type { AppendLog } from '../../storage/append-log.ts';
import type { Usage } from '../../vision/vision-model.ts';
import type { GateInputs } from '../gates/gate.ts';
import type { Ask } from '../observe/instruments.ts';
import { passGates } from '../judge/pass-gates.ts';
import type { DecidedPhoto } from '../judge/pass-gates.ts';
import { aboutOf, knownAnswers } from './known-answers.ts';
import type { Entry, Known } from './known-answers.ts';
import { keyOf } from '../observe/observation.ts';
import type { Annotation, Observation, Question } from '../observe/observation.ts';
import type { DuplicateWatch } from './duplicate-watch.ts';
import type { OutageWatch } from './outage.ts';
import type { Photo } from '../observe/photo.ts';
import { preparePhoto } from '../observe/photo-file.ts';
import type { ShownPhoto } from '../observe/photo-file.ts';

/**
 * Number of photos per log file. It must not change, because it determines the names and contents of the log files of
 * existing runs.
 */
const BLOCK_PHOTOS = 2000;

export type Pending = { readonly id: string; readonly question: string; readonly reason: string };

export type ObserveOptions = GateInputs & {
  /** The photos, sorted by id. */
  readonly photos: readonly Photo[];
  /** Folder for the log files. */
  readonly folder: string;
  readonly ask: Ask;
  readonly outage: OutageWatch;
  /** Maximum number of photos in progress. */
  readonly inFlight: number;
  /**
   * Finds near-duplicates of photos that passed. Absent with `order: paper`, and if the recipe keeps near-duplicates.
   */
  readonly duplicates?: DuplicateWatch;
  /** Number of photos per log file. Tests use a lower number than the default. */
  readonly blockPhotos?: number;
  readonly signal: AbortSignal;
  /**
   * Receives the token usage of each answer, including answers from an earlier process. If this function throws, the
   * run ends.
   */
  readonly onUsage?: (key: string, usage: Usage) => void;
  /** Receives messages for the user, for example about a pause because of an outage or about changed files. */
  readonly onNotice?: (text: string) => void;
  /** Called when a photo is judged or becomes pending. Pending photos are tried twice, so they are reported twice. */
  readonly onProgress?: (outcome: 'judged' | 'pending') => void;
};

/** Yields blocks in the order of the photos. A block has its judged photos, sorted by id, and its pending photos. */
export async function* observePhotos(options: ObserveOptions): AsyncGenerator<Block> {
  await mkdir(options.folder, { recursive: true });
  const { photos: all, blockPhotos = BLOCK_PHOTOS } = options;
  for (let start = 0; start < all.length; start += blockPhotos) {
    const name = `${String(start / blockPhotos).padStart(5, '0')}.jsonl`;
    const log = await openAppendLog(join(options.folder, name), { digests: true });
    try {
      const photos = all.slice(start, start + blockPhotos);
      yield await observeTwice(photos, { ...options, log });
    } finally {
      await log.close();
    }
  }
}

type BlockOptions = ObserveOptions & { readonly log: AppendLog };

type Block = { readonly decided: readonly DecidedPhoto[]; readonly pending: readonly Pending[] };

/** Observes a block of photos. At the end, retries the pending photos once, because a service may have recovered. */
async function observeTwice(photos: readonly Photo[], options: BlockOptions): Promise<Block> {
  const known = await knownAnswers(photos, options);
  for (const answers of known.values()) for (const key of answers.keys()) options.outage.succeededEarlier(key);
  const first = await observeBlock(photos, { ...options, known });
  if (first.pending.length === 0) return first;
  const waiting = new Set(first.pending.map(({ id }) => id));
  const second = await observeBlock(
    photos.filter(({ id }) => waiting.has(id)),
    { ...options, known },
  );
  const decided = [...first.decided, ...second.decided].sort((a, b) => (a.photo.id < b.photo.id ? -1 : 1));
  return { decided, pending: second.pending };
}

async function observeBlock(
  photos: readonly Photo[],
  options: BlockOptions & { readonly known: Known },
): Promise<Block> {
  const { known } = options;
  // The first error that ends the run also aborts all requests in flight.
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const queue = new PQueue({ concurrency: options.inFlight });
  const outcomes: (DecidedPhoto | Pending | undefined)[] = photos.map(() => undefined);
  let fatal: { error: unknown } | undefined;
  for (const [i, photo] of photos.entries()) {
    // Waits for a free slot, so that the queue never contains the whole block.
    await queue.onSizeLessThan(options.inFlight);
    if (signal.aborted) break;
    void queue.add(async () => {
      try {
        outcomes[i] = await observePhoto(photo, known.get(photo.id)!, { ...options, signal });
      } catch (error) {
        fatal ??= { error };
        ended.abort(error);
      }
      if (outcomes[i] !== undefined) options.onProgress?.(isPending(outcomes[i]) ? 'pending' : 'judged');
    });
  }
  await queue.onIdle();
  options.signal.throwIfAborted();
  if (fatal !== undefined) throw fatal.error;
  const decided = outcomes.filter((outcome): outcome is DecidedPhoto => outcome !== undefined && !isPending(outcome));
  return { decided, pending: outcomes.filter(isPending) };
}

const isPending = (outcome: DecidedPhoto | Pending | undefined): outcome is Pending =>
  outcome !== undefined && 'question' in outcome;

/** Thrown if a question has no answer because an instrument failed. The photo is then pending. */
class Unanswered extends Error {
  readonly pending: Pending;
  constructor(pending: Pending) {
    super(pending.reason);
    this.pending = pending;
  }
}

async function observePhoto(
  photo: Photo,
  observations: Map<string, Observation>,
  options: BlockOptions,
): Promise<DecidedPhoto | Pending> {
  const { recipe, gazetteer, grounder, ask, outage, log, duplicates, signal } = options;
  let shown: Promise<ShownPhoto> | undefined;
  const context = {
    photo,
    show: async () => (shown ??= preparePhoto(photo, recipe, signal)),
    annotation: (annotator: string) => observations.get(keyOf({ kind: 'annotation', annotator })) as Annotation,
    signal,
  };
  const answerOne = async (question: Question): Promise<void> => {
    const key = keyOf(question);
    if (observations.has(key)) return;
    try {
      await outage.ready(key, signal);
      const { observation, usage, file } = await ask(question, context);
      const reason = malformedReason(observation);
      if (reason === undefined) outage.succeeded(key);
      const about = aboutOf(question, photo);
      const entry: Entry = {
        id: photo.id,
        key,
        observation,
        ...defined({ usage, file, about }),
      };
      await log.append(entry);
      observations.set(key, observation);
      if (usage !== undefined) options.onUsage?.(key, usage);
      const fatal = reason === undefined ? undefined : outage.malformed(key, reason);
      if (fatal !== undefined) throw new RunEnded(fatal);
    } catch (error) {
      throw unanswered(error, { id: photo.id, key, options });
    }
  };
  // Waits for all questions, so that every answer is logged even if a question fails.
  const answer = async (questions: readonly Question[]): Promise<void> => {
    const settled = await Promise.allSettled(questions.map(answerOne));
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
  };
  let passed = false;
  try {
    const outcome = await passGates(photo, {
      recipe,
      gazetteer,
      grounder,
      observations,
      answer,
      ...(duplicates !== undefined && { earlierDuplicate: async (one, hash) => duplicates.earlier(one, hash) }),
    });
    passed = outcome.chosen !== undefined;
    return { ...outcome, photo, observations };
  } catch (error) {
    if (error instanceof Unanswered) return error.pending;
    throw error;
  } finally {
    duplicates?.ended(photo.id, passed ? 'passed' : 'not passed');
  }
}

/**
 * Returns the reason why an answer could not be parsed. Returns undefined for all other observations, including a
 * content filter's refusal.
 */
const malformedReason = (observation: Observation): string | undefined =>
  observation.kind === 'no-annotation' && observation.text !== undefined ? observation.reason : undefined;

/** Wraps an error that must end the run, so that `unanswered` does not turn it into a pending photo. */
class RunEnded extends Error {
  readonly reason: GlobeError;
  constructor(reason: GlobeError) {
    super(reason.message);
    this.reason = reason;
  }
}

/** Returns the error to throw: `Unanswered` if the photo becomes pending, otherwise the error that ends the run. */
function unanswered(error: unknown, { id, key, options }: { id: string; key: string; options: BlockOptions }): unknown {
  options.signal.throwIfAborted();
  if (error instanceof RunEnded) return error.reason;
  const isInfrastructure = error instanceof GlobeError && error.code !== 'invalid-input' && error.code !== 'internal';
  if (!isInfrastructure) return error;
  const fatal = options.outage.failed(key, error);
  if (fatal !== undefined) return fatal;
  return new Unanswered({ id, question: key, reason: messageOf(error) });
}
