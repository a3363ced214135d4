/**
 * What stands between the service and its judge: answers are cached and shared while they are on their way, calls are
 * limited in number and time, and a judge that keeps failing is left alone for a while instead of being hammered.
 */
import { createHash } from 'node:crypto';
import { BrokenCircuitError, bulkhead, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { GlobeError, messageOf } from '../../core/errors.ts';
import type { Completion, GenerateRequest, VisionModel } from '../../vision/vision-model.ts';

export type GuardedJudge = {
  /** The judge under a deadline for everything that one request asks of it. */
  within(deadline: AbortSignal): VisionModel;
  /** True while calls are refused because the judge kept failing. */
  isDown(): boolean;
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
  readonly cacheEntries?: number;
};

function cacheKey(request: GenerateRequest): string {
  const asked = { ...request, image: request.image?.sha256, signal: undefined };
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

/** A rejected promise as soon as the signal aborts; the call itself goes on for whoever else waits for it. */
function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void =>
      reject(new GlobeError({ code: 'timeout', message: 'the judge did not answer before the deadline' }));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

export function guardJudge(
  judge: VisionModel,
  {
    concurrency = 32,
    queue = 20_000,
    failuresUntilDown = 5,
    coolDownMs = 5000,
    callTimeoutMs = 30_000,
    cacheEntries = 100_000,
  }: GuardOptions = {},
): GuardedJudge {
  const statistics = { calls: 0, cacheHits: 0, failures: 0 };
  // A content filter's refusal says nothing about the judge's health.
  const breaker = circuitBreaker(
    handleWhen((error) => !(error instanceof GlobeError && error.code === 'rejected')),
    { breaker: new ConsecutiveBreaker(failuresUntilDown), halfOpenAfter: coolDownMs },
  );
  const places = bulkhead(concurrency, queue);
  const cache = new LRUCache<string, Promise<Completion[]>>({ max: cacheEntries });

  const ask = async (request: Omit<GenerateRequest, 'signal'>): Promise<Completion[]> => {
    try {
      return await places.execute(() =>
        breaker.execute(() => {
          statistics.calls += 1;
          const signal = AbortSignal.timeout(callTimeoutMs);
          return until(signal, judge.generate({ ...request, signal }));
        }),
      );
    } catch (error) {
      statistics.failures += 1;
      if (error instanceof BrokenCircuitError) {
        throw new GlobeError({
          code: 'service',
          message: 'the judge is down and will be tried again shortly',
          retryable: true,
        });
      }
      throw error instanceof GlobeError
        ? error
        : new GlobeError({ code: 'service', message: messageOf(error), cause: error });
    }
  };

  return {
    retryAfterSeconds: Math.ceil(coolDownMs / 1000),
    statistics,
    isDown: () => breaker.state === CircuitState.Open || breaker.state === CircuitState.Isolated,
    within: (deadline) => ({
      name: judge.name,
      generate: (request) => {
        const key = cacheKey(request);
        const known = cache.get(key);
        if (known !== undefined) {
          statistics.cacheHits += 1;
          return until(deadline, known);
        }
        // Not under this request's deadline: others may be waiting for the same answer.
        const asked = ask(request);
        cache.set(key, asked);
        asked.catch(() => cache.delete(key));
        return until(AbortSignal.any([deadline, request.signal]), asked);
      },
    }),
  };
}
