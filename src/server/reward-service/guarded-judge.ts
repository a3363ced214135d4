/**
 * Guards the judge: caches answers, shares calls in flight, limits the number and duration of calls, and pauses after
 * repeated failures instead of flooding the judge with requests.
 */
import { createHash } from 'node:crypto';
import { BrokenCircuitError, bulkhead, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { defined } from '../../core/defined.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import { deadlineAfter, until as untilAbort } from '../../service/first-abort.ts';
import type { Completion, GenerateRequest, VisionModel } from '../../vision/vision-model.ts';

/** The judge for the calls of a single request. */
export type RequestJudge = {
  readonly model: VisionModel;
  /** True if a call of this request failed because of the judge, so that a retry of the request may succeed. */
  hasFailed(): boolean;
};

export type GuardedJudge = {
  /** Returns the judge for one request. When `end` aborts, the unanswered calls of that judge are rejected. */
  within(end: AbortSignal): RequestJudge;
  /**
   * Says why the judge cannot be used now: calls are paused after failures, or the judge denies every request.
   * Undefined if it can be used.
   */
  trouble(): string | undefined;
  readonly retryAfterSeconds: number;
  readonly statistics: { calls: number; cacheHits: number; failures: number };
};

export type GuardOptions = {
  readonly concurrency?: number;
  /** Maximum number of waiting calls. More are rejected, so that memory stays bounded. */
  readonly queue?: number;
  /** Number of consecutive failures after which the judge counts as down. */
  readonly failuresUntilDown?: number;
  readonly coolDownMs?: number;
  /** Time after which a call to the judge counts as failed. */
  readonly callTimeoutMs?: number;
  /** Approximate size of the cache of answers. */
  readonly cacheBytes?: number;
};

const MEBIBYTE = 1024 * 1024;

function cacheKey(request: GenerateRequest): string {
  const content = { ...request, image: request.image?.sha256, signal: undefined };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** Writes infinities as text, because JSON would turn the log-probability −∞ of an impossible token into null. */
const toText = (completions: readonly Completion[]): string =>
  JSON.stringify(completions, (key, value: unknown) =>
    key === 'logprob' && !Number.isFinite(value) ? String(value) : value,
  );

const fromText = (text: string): Completion[] =>
  JSON.parse(text, (key, value: unknown) =>
    key === 'logprob' && typeof value === 'string' ? Number(value) : value,
  ) as Completion[];

/** Approximate memory of a cached answer: its text, its key, and the bookkeeping of the cache. */
const bytesOf = (text: string): number => 400 + text.length;

/** True if a content filter rejected the request. A rejection says nothing about the judge's health. */
const isRefusal = (error: unknown): boolean => error instanceof GlobeError && error.code === 'rejected';

const tooLate = (): GlobeError =>
  new GlobeError({ code: 'timeout', message: 'the judge did not answer before the deadline' });

/** Rejects as soon as the signal aborts. The call itself continues for other requests that wait for it. */
const until = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => untilAbort(signal, work, tooLate);

/** Runs the work with a deadline. */
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
  // The cache holds text, because each garbage collection would have to visit tens of thousands of cached objects.
  const cache = new LRUCache<string, string>({ maxSize: cacheBytes, sizeCalculation: bytesOf });
  /** Calls in flight; bounded by `concurrency` and `queue`. */
  const inFlight = new Map<string, Promise<Completion[]>>();

  let lastFailure = '';
  /**
   * True if the judge denied the last request (because of a wrong key, for example), so that a retry would not help.
   */
  let denied = false;
  let failedAtMs = 0;
  // The breaker stays open until the next call. That call may never come, because trainers wait while the service is
  // not ready. So the cool-down is measured here too.
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
          message: `the judge is down and will be retried shortly; its last failure: ${lastFailure}`,
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

  /** A call continues after the deadline of its request, because other requests may wait for the same answer. */
  const answer = async (request: GenerateRequest): Promise<Completion[]> => {
    const key = cacheKey(request);
    const cached = cache.get(key);
    const known = cached === undefined ? inFlight.get(key) : fromText(cached);
    if (known !== undefined) {
      statistics.cacheHits += 1;
      return known;
    }
    const call = ask(request);
    inFlight.set(key, call);
    try {
      const completions = await call;
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
