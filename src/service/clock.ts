/** Time, passed in: what waits or has a deadline takes a Clock, so that its tests neither sleep nor read the real one. */
import { setTimeout as wait } from 'node:timers/promises';
import { deadlineAfter, type LinkedSignal } from './first-abort.ts';

export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A signal that aborts after `ms` milliseconds; to be disposed of when what it bounds has ended. */
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
