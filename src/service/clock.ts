/** Time as a parameter: code that waits receives a Clock, so that its tests need not wait or read the real time. */
import { setTimeout as wait } from 'node:timers/promises';
import { deadlineAfter, type LinkedSignal } from './first-abort.ts';

export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason if the signal aborts earlier. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A signal that aborts after `ms` milliseconds. Dispose of it when the call with this deadline has ended. */
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
