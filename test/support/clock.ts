/** A clock for tests: sleeping takes no time and is noted down; deadlines pass when the test says so. */
import type { Clock } from '../../src/service/clock.ts';

export type TestClock = Clock & {
  /** Milliseconds of every sleep, in order. */
  readonly slept: number[];
  /** Lets every deadline pass that was set so far. */
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
