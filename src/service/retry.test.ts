import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testClock } from '../../test/support/clock.ts';
import { defined } from '../core/defined.ts';
import { GlobeError } from '../core/errors.ts';
import { redact } from './redact.ts';
import { DEFAULT_RETRY, withRetry } from './retry.ts';

const failing = (retryable: boolean, retryAfterMs?: number): GlobeError =>
  new GlobeError({
    code: 'service',
    message: 'down',
    retryable,
    ...defined({ retryAfterMs }),
  });

const signal = new AbortController().signal;

describe('withRetry', () => {
  it('waits at least as long as the service asks and never longer than its own bound otherwise', async () => {
    const retryAfter = fc.option(fc.integer({ min: 1, max: DEFAULT_RETRY.maxRetryAfterMs }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(retryAfter, fc.double({ min: 0, max: 0.999, noNaN: true }), async (retryAfterMs, jitter) => {
        const clock = testClock();
        const down = async (): Promise<never> => Promise.reject(failing(true, retryAfterMs));
        await expect(withRetry(down, { clock, signal, random: () => jitter })).rejects.toThrow('down');
        expect(clock.slept).toHaveLength(DEFAULT_RETRY.maxAttempts - 1);
        for (const ms of clock.slept) {
          expect(ms).toBeGreaterThanOrEqual(retryAfterMs ?? DEFAULT_RETRY.baseDelayMs / 2);
          expect(ms).toBeLessThanOrEqual((retryAfterMs ?? 0) + DEFAULT_RETRY.maxDelayMs);
        }
      }),
    );
  });

  it('does not retry permanent failures or errors other than GlobeError', async () => {
    for (const error of [failing(false), new TypeError('a bug')]) {
      let calls = 0;
      const task = async (): Promise<never> => {
        calls += 1;
        return Promise.reject(error);
      };
      await expect(withRetry(task, { clock: testClock(), signal, random: Math.random })).rejects.toBe(error);
      expect(calls).toBe(1);
    }
  });

  it('stops waiting when aborted, with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const onRetry = (): void => controller.abort(reason);
    const down = async (): Promise<never> => Promise.reject(failing(true));
    const options = { clock: testClock(), signal: controller.signal, random: () => 0, onRetry };
    await expect(withRetry(down, options)).rejects.toBe(reason);
  });
});

describe('redact', () => {
  it('removes secrets and the credentials of URLs from a text', () => {
    expect(redact('key sk-1234 at https://me:pass@host/v1', ['sk-1234', undefined, ''])).toBe(
      'key *** at https://***@host/v1',
    );
  });

  it('removes keys in queries and bearer tokens', () => {
    expect(redact('GET https://h/a?q=x&api_key=abc123&b=1 with Authorization: Bearer abcdefgh.123=', [])).toBe(
      'GET https://h/a?q=x&api_key=***&b=1 with Authorization: Bearer ***',
    );
  });
});
