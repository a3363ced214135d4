/**
 * Replaces the global clock by a parameter. Code that waits receives a Clock, so that its tests need not wait or use
 * the real time.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { deadlineAfter, type LinkedSignal } from './first-abort.ts';

export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds. Rejects with the signal's reason if the signal aborts earlier. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Returns a signal that aborts after `ms` milliseconds. The caller must dispose of it when the call has ended. */
  deadline(ms: number): LinkedSignal;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await wait(ms, undefined, { signal });
    } catch {
      signal.throwIfAborted();
    }
  },
  deadline: deadlineAfter,
};
