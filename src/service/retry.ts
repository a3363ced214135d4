/**
 * Retries failed calls to services. The code that throws an error decides whether a retry may help
 * (`GlobeError.retryable`). This file decides how often and when to retry. An abort stops the retries immediately.
 */
import { GlobeError } from '../core/errors.ts';
import type { Clock } from './clock.ts';

export type RetryPolicy = {
  /** Total number of calls, including the first. */
  readonly maxAttempts: number;
  /** Delay before the second call. It doubles before each further call. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** If the service requests a longer delay, the call is not repeated. */
  readonly maxRetryAfterMs: number;
  /** Called after a failed call. While it returns true, no call is repeated: for example while the service is down. */
  readonly givesUp?: (error: GlobeError) => boolean;
};

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 6,
  baseDelayMs: 500,
  maxDelayMs: 30_000,
  maxRetryAfterMs: 300_000,
};

export type RetryEvent = { readonly attempt: number; readonly delayMs: number; readonly error: GlobeError };

export type RetryOptions = {
  readonly policy?: Partial<RetryPolicy>;
  readonly clock: Clock;
  /** Returns a random number in [0, 1). It varies the delay, so that many clients do not retry at the same moment. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
};

/** Runs `task` until it succeeds, fails permanently or has run `maxAttempts` times. Throws the last error. */
export async function withRetry<T>(task: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const policy = { ...DEFAULT_RETRY, ...options.policy };
  for (let attempt = 1; ; attempt++) {
    options.signal.throwIfAborted();
    try {
      return await task(attempt);
    } catch (error) {
      if (!(error instanceof GlobeError) || !error.retryable) throw error;
      if (policy.givesUp?.(error) === true || attempt >= policy.maxAttempts) throw error;
      const delayMs = delayBefore(attempt, error, { policy, random: options.random });
      if (delayMs === undefined) throw error;
      options.onRetry?.({ attempt, delayMs, error });
      await options.clock.sleep(delayMs, options.signal);
    }
  }
}

/**
 * Returns an exponential delay times a random factor between 0.5 and 1. The delay is never shorter than the service's
 * Retry-After. Undefined if Retry-After exceeds the policy's maximum.
 */
function delayBefore(
  attempt: number,
  { retryAfterMs = 0 }: GlobeError,
  { policy, random }: { policy: RetryPolicy; random: () => number },
): number | undefined {
  if (retryAfterMs > policy.maxRetryAfterMs) return undefined;
  const backoffMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1)) * (0.5 + random() / 2);
  return retryAfterMs > 0 ? retryAfterMs + backoffMs / 10 : backoffMs;
}
