/**
 * Protects the judge from too many requests. It caches answers, lets equal requests share a call, limits the number and
 * duration of calls, and pauses after repeated failures.
 */
import { createHash } from 'node:crypto';
import { BrokenCircuitError, bulkhead, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { defined } from '../../core/defined.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import { deadlineAfter, until as untilAbort } from '../../service/first-abort.ts';
import type { Completion, GenerateRequest, VisionModel } from '../../vision/vision-model.ts';

/** The judge, as seen by one request to the service. */
export type RequestJudge = {
  readonly model: VisionModel;
  /** Returns true if a call for this request failed because of the judge. A retry of the request may then succeed. */
  hasFailed(): boolean;
};

export type GuardedJudge = {
  /**
   * Returns the judge for one request. When `end` aborts, the calls of this request that are still unanswered are
   * rejected.
   */
  within(end: AbortSignal): RequestJudge;
  /**
   * Returns the reason why the judge cannot be used now, or undefined if it can. Either calls are paused after
   * failures, or the judge denies every request.
   */
  trouble(): string | undefined;
  readonly retryAfterSeconds: number;
  readonly statistics: { calls: number; cacheHits: number; failures: number };
};

export type GuardOptions = {
  readonly concurrency?: number;
  /** Maximum number of waiting calls. Additional calls are rejected, so that memory stays bounded. */
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

/** Infinities are written as text. JSON would turn the log-probability −∞ of an impossible token into null. */
const toText = (completions: readonly Completion[]): string =>
  JSON.stringify(completions, (key, value: unknown) =>
    key === 'logprob' && !Number.isFinite(value) ? String(value) : value,
  );

const fromText = (text: string): Completion[] =>
  JSON.parse(text, (key, value: unknown) =>
    key === 'logprob' && typeof value === 'string' ? Number(value) : value,
  ) as Completion[];

/** Returns the approximate memory of a cached answer: the text, its key, and the cache's own overhead. */
const bytesOf = (text: string): number => 400 + text.length;

/** Returns true if a content filter rejected the request. Such a rejection does not mean that the judge is down. */
const isRefusal = (error: unknown): boolean => error instanceof GlobeError && error.code === 'rejected';

const tooLate = (): GlobeError =>
  new GlobeError({ code: 'timeout', message: 'the judge did not answer before the deadline' });

/**
 * Waits for `work`, but rejects as soon as the signal aborts. The work itself continues, because other requests may
 * wait for it.
 */
const until = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => untilAbort(signal, work, tooLate);

/** Runs the work with a time limit. */
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
  // The cache stores text instead of objects. Every garbage collection would have to visit tens of thousands of cached
  // objects.
  const cache = new LRUCache<string, string>({ maxSize: cacheBytes, sizeCalculation: bytesOf });
  /** Calls in flight. `concurrency` and `queue` limit their number. */
  const inFlight = new Map<string, Promise<Completion[]>>();

  let lastFailure = '';
  /** True if the judge denied the last request, for example because of a wrong key. A retry would then not help. */
  let denied = false;
  let failedAtMs = 0;
  // An open breaker changes its state only at the next call. That call may never come, because trainers wait until the
  // service is ready. The cool-down time is therefore measured here too.
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

  /**
   * A call continues after the deadline of the request that started it, because other requests may wait for the same
   * answer.
   */
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
