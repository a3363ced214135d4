/**
 * What stands between the service and its judge: answers are cached and shared while they are on their way, calls are
 * limited in number and time, and a judge that keeps failing is left alone for a while instead of being hammered.
 */
import { createHash } from 'node:crypto';
import { BrokenCircuitError, bulkhead, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { defined } from '../../core/defined.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import { deadlineAfter } from '../../service/first-abort.ts';
import type { Completion, GenerateRequest, VisionModel } from '../../vision/vision-model.ts';

/** The judge as one request sees it. */
export type RequestJudge = {
  readonly model: VisionModel;
  /** Whether a call of this request failed for the judge's sake: the same request may succeed later. */
  hasFailed(): boolean;
};

export type GuardedJudge = {
  /** Everything that one request asks of the judge; when `end` aborts, what has no answer yet is rejected. */
  within(end: AbortSignal): RequestJudge;
  /** Why the judge is of no use now: it kept failing and is left alone, or it denies every request; else undefined. */
  trouble(): string | undefined;
  readonly retryAfterSeconds: number;
  readonly statistics: { calls: number; cacheHits: number; failures: number };
};

export type GuardOptions = {
  readonly concurrency?: number;
  /** Calls waiting for a place; more are refused, so that memory stays bounded. */
  readonly queue?: number;
  /** Failures in a row after which the judge counts as down. */
  readonly failuresUntilDown?: number;
  readonly coolDownMs?: number;
  /** After which one call to the judge counts as failed. */
  readonly callTimeoutMs?: number;
  /** Answers are kept up to this size, roughly. */
  readonly cacheBytes?: number;
};

const MEBIBYTE = 1024 * 1024;

function cacheKey(request: GenerateRequest): string {
  const asked = { ...request, image: request.image?.sha256, signal: undefined };
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

/** JSON has no infinities: the log-probability of what is impossible is −∞, and must not come back as null. */
const toText = (completions: readonly Completion[]): string =>
  JSON.stringify(completions, (key, value: unknown) =>
    key === 'logprob' && !Number.isFinite(value) ? String(value) : value,
  );

const fromText = (text: string): Completion[] =>
  JSON.parse(text, (key, value: unknown) =>
    key === 'logprob' && typeof value === 'string' ? Number(value) : value,
  ) as Completion[];

/** What a kept answer takes in memory, roughly: its text, its key, and what the cache knows of both. */
const bytesOf = (text: string): number => 400 + text.length;

/** A content filter's refusal says nothing about the judge's health. */
const isRefusal = (error: unknown): boolean => error instanceof GlobeError && error.code === 'rejected';

const tooLate = (): GlobeError =>
  new GlobeError({ code: 'timeout', message: 'the judge did not answer before the deadline' });

/** A rejected promise as soon as the signal aborts; the call itself goes on for whoever else waits for it. */
function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(tooLate());
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Runs the work under a deadline of its own. */
async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  using deadline = deadlineAfter(ms);
  return await until(deadline.signal, work(deadline.signal));
}

export function guardJudge(
  judge: VisionModel,
  {
    concurrency = 32,
    queue = 20_000,
    failuresUntilDown = 5,
    coolDownMs = 5000,
    callTimeoutMs = 30_000,
    cacheBytes = 32 * MEBIBYTE,
  }: GuardOptions = {},
): GuardedJudge {
  const statistics = { calls: 0, cacheHits: 0, failures: 0 };
  const breaker = circuitBreaker(
    handleWhen((error) => !isRefusal(error)),
    { breaker: new ConsecutiveBreaker(failuresUntilDown), halfOpenAfter: coolDownMs },
  );
  const places = bulkhead(concurrency, queue);
  // As text: tens of thousands of answers as objects are what each collection of garbage would walk through.
  const cache = new LRUCache<string, string>({ maxSize: cacheBytes, sizeCalculation: bytesOf });
  /** No more than the places and the queue hold. */
  const inFlight = new Map<string, Promise<Completion[]>>();

  let lastFailure = '';
  /** Set while the last answer was that no request is taken: nothing gets better by asking again. */
  let denied = false;
  let failedAtMs = 0;
  // The breaker shows that its time is over only when it is next asked. A service that is not ready may never be asked.
  const isOpen = (): boolean => breaker.state === CircuitState.Open && performance.now() - failedAtMs < coolDownMs;

  const ask = async (request: Omit<GenerateRequest, 'signal'>): Promise<Completion[]> => {
    try {
      const completions = await places.execute(() =>
        breaker.execute(() => {
          statistics.calls += 1;
          return within(callTimeoutMs, (signal) => judge.generate({ ...request, signal }));
        }),
      );
      denied = false;
      return completions;
    } catch (error) {
      statistics.failures += 1;
      if (error instanceof BrokenCircuitError) {
        throw new GlobeError({
          code: 'service',
          message: `the judge is down and will be tried again shortly; its last failure: ${lastFailure}`,
          retryable: true,
        });
      }
      denied = error instanceof GlobeError && error.code === 'denied';
      if (!isRefusal(error)) [lastFailure, failedAtMs] = [messageOf(error), performance.now()];
      throw error instanceof GlobeError
        ? error
        : new GlobeError({ code: 'service', message: messageOf(error), cause: error });
    }
  };

  /** Not under one request's deadline: others may be waiting for the same answer. */
  const answer = async (request: GenerateRequest): Promise<Completion[]> => {
    const key = cacheKey(request);
    const kept = cache.get(key);
    const known = kept === undefined ? inFlight.get(key) : fromText(kept);
    if (known !== undefined) {
      statistics.cacheHits += 1;
      return known;
    }
    const asked = ask(request);
    inFlight.set(key, asked);
    try {
      const completions = await asked;
      cache.set(key, toText(completions));
      return completions;
    } finally {
      inFlight.delete(key);
    }
  };

  return {
    retryAfterSeconds: Math.ceil(coolDownMs / 1000),
    statistics,
    trouble: () => (isOpen() || denied ? lastFailure : undefined),
    within: (end) => {
      let failed = false;
      return {
        hasFailed: () => failed,
        model: {
          name: judge.name,
          ...defined({ enforcesChoice: judge.enforcesChoice }),
          generate: async (request) => {
            try {
              return await until(end, answer(request));
            } catch (error) {
              failed ||= !isRefusal(error);
              throw error;
            }
          },
        },
      };
    },
  };
}
