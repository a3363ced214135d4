/**
 * What to do when an instrument fails again and again: not one photo's bad luck but a service that is down. It is left
 * alone for a while, longer each time, and the run ends when that has gone on for too long.
 */
import { GlobeError } from '../core/errors.ts';
import type { Clock } from '../service/clock.ts';

/** Failures in a row that look like an outage: more than the photos that are on their way at the usual concurrency. */
const FAILURES_IN_A_ROW = 25;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 600_000;

export type OutageWatch = {
  /** Resolves when the instrument may be asked again. */
  ready(key: string, signal: AbortSignal): Promise<void>;
  succeeded(key: string): void;
  /** The error that ends the run, once the outage has lasted too long. */
  failed(key: string, error: GlobeError): GlobeError | undefined;
};

type State = { failures: number; readonly sinceMs: number; pausedUntilMs: number };

export type OutageOptions = { readonly clock: Clock; readonly maxOutageMs: number };

export function createOutageWatch({ clock, maxOutageMs }: OutageOptions): OutageWatch {
  const states = new Map<string, State>();
  return {
    ready: async (key, signal) => {
      const waitMs = (states.get(key)?.pausedUntilMs ?? 0) - clock.now();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    },
    succeeded: (key) => void states.delete(key),
    failed: (key, error) => {
      const state = states.get(key) ?? { failures: 0, sinceMs: clock.now(), pausedUntilMs: 0 };
      states.set(key, state);
      state.failures += 1;
      if (state.failures % FAILURES_IN_A_ROW !== 0) return undefined;
      if (clock.now() - state.sinceMs >= maxOutageMs) {
        return new GlobeError({
          code: error.code,
          message: `${key} failed ${state.failures} times in a row for ${Math.round(maxOutageMs / 60_000)} minutes: ${error.message}`,
          hint: `${error.hint ?? 'Check the service.'} What was answered is kept: run the same command again to continue.`,
          cause: error,
        });
      }
      const pauses = state.failures / FAILURES_IN_A_ROW;
      state.pausedUntilMs = clock.now() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (pauses - 1));
      return undefined;
    },
  };
}
