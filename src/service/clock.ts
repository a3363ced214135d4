/** Time as a parameter: code that waits takes a Clock, so that tests neither sleep nor read the real one. */
import { setTimeout as wait } from 'node:timers/promises';
import { deadlineAfter, type LinkedSignal } from './first-abort.ts';

export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A signal that aborts after `ms` milliseconds; dispose of it when the bounded call has ended. */
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
