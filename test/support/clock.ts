/**
 * A clock for tests. Sleeping takes no time, and its duration is recorded. Deadlines pass when the test calls `expire`.
 */
import type { Clock } from '../../src/service/clock.ts';

export type TestClock = Clock & {
  /** Durations of all sleeps, in milliseconds and in order. */
  readonly slept: number[];
  /** Makes all current deadlines pass. */
  expire(): void;
};

export function testClock({ nowMs = Date.parse('2026-01-01T00:00:00Z') } = {}): TestClock {
  const slept: number[] = [];
  const deadlines: AbortController[] = [];
  return {
    slept,
    now: () => nowMs,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      return Promise.resolve();
    },
    deadline: () => {
      const controller = new AbortController();
      deadlines.push(controller);
      return { signal: controller.signal, [Symbol.dispose]: () => {} };
    },
    expire: () => {
      for (const deadline of deadlines.splice(0)) deadline.abort(new DOMException('timed out', 'TimeoutError'));
    },
  };
}
