/**
 * What to do when an instrument fails again and again: not one photo's bad luck but a service that is down, or a mistake
 * in what the run was started with. A service is left alone for a while, longer each time, and the run ends when that has
 * gone on for too long; a mistake ends it at once. What is waited for, and until when, is always said.
 */
import { GlobeError } from '../../core/errors.ts';
import type { Clock } from '../../service/clock.ts';

/** Failures in a row that look like an outage: more than the photos that are on their way at the usual concurrency. */
const FAILURES_IN_A_ROW = 25;
const FIRST_PAUSE_MS = 60_000;
const MAX_PAUSE_MS = 600_000;

export type OutageWatch = {
  /** Resolves when the instrument may be asked again. */
  ready(key: string, signal: AbortSignal): Promise<void>;
  succeeded(key: string): void;
  /** An earlier process had an answer. */
  hadAnswered(key: string): void;
  /** The error that ends the run: the first answers were all refusals, or an outage has lasted too long. */
  failed(key: string, error: GlobeError): GlobeError | undefined;
};

export type OutageOptions = {
  readonly clock: Clock;
  readonly maxOutageMs: number;
  /** Of the run: where there are few, all of their answers are the first ones. */
  readonly photos: number;
  /** The dataset is made without photos that could not be judged: files that are not there end no run. */
  readonly acceptPending?: boolean;
  readonly onNotice?: ((text: string) => void) | undefined;
};

type State = {
  /** In a row. */
  failures: number;
  readonly sinceMs: number;
  pausedUntilMs: number;
};

export function createOutageWatch(options: OutageOptions): OutageWatch {
  const { clock, maxOutageMs, photos, acceptPending = false, onNotice } = options;
  const states = new Map<string, State>();
  const answered = new Set<string>();
  const answeredBefore = new Set<string>();
  /** Refusals for good before the first answer; absent once anything else came. */
  const refusals = new Map<string, number>();

  /** The error that ends the run; what failed was the instrument's first answers. */
  function refused(key: string, error: GlobeError): GlobeError | undefined {
    const before = refusals.get(key) ?? 0;
    refusals.set(key, isFinal(error) ? before + 1 : Number.NEGATIVE_INFINITY);
    const enough = Math.min(FAILURES_IN_A_ROW, photos);
    return before + 1 < enough || !isFinal(error) ? undefined : refusal(key, { error, count: before + 1 });
  }

  function paused(key: string, error: GlobeError): GlobeError | undefined {
    const state = states.get(key) ?? { failures: 0, sinceMs: clock.now(), pausedUntilMs: 0 };
    states.set(key, state);
    state.failures += 1;
    if (state.failures % FAILURES_IN_A_ROW !== 0) return undefined;
    const minutes = Math.round(maxOutageMs / 60_000);
    if (clock.now() - state.sinceMs >= maxOutageMs) {
      return new GlobeError({
        code: error.code,
        message: `${key} failed ${state.failures} times in a row for ${minutes} minutes: ${error.message}`,
        hint: `${error.hint ?? 'Check the service.'} What was answered is kept: run the same command again to continue.`,
        cause: error,
      });
    }
    const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (state.failures / FAILURES_IN_A_ROW - 1));
    state.pausedUntilMs = clock.now() + pauseMs;
    const time = new Date(state.pausedUntilMs).toTimeString().slice(0, 8);
    onNotice?.(
      `${key} failed ${state.failures} times in a row: ${error.message} It is asked again in ${pauseMs / 1000} s, at ${time}; the run ends when that lasts ${minutes} minutes (maxOutageMinutes).`,
    );
    return undefined;
  }

  return {
    ready: async (key, signal) => {
      const waitMs = (states.get(key)?.pausedUntilMs ?? 0) - clock.now();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    },
    succeeded: (key) => {
      states.delete(key);
      answered.add(key);
    },
    hadAnswered: (key) => void answeredBefore.add(key),
    failed: (key, error) => {
      const isMissing = error.code === 'not-found';
      // Single photos that are refused or missing, which the user wants left out.
      if (acceptPending && (isMissing || (isFinal(error) && (answered.has(key) || answeredBefore.has(key))))) {
        return undefined;
      }
      const fatal = answered.has(key) ? undefined : refused(key, error);
      // No waiting brings a file; the disk that it lies on may be gone, but then every photo is soon pending.
      return fatal ?? (isMissing ? undefined : paused(key, error));
    },
  };
}

/** The same question would get the same answer later. */
const isFinal = ({ code, retryable }: GlobeError): boolean =>
  !retryable && (code === 'rejected' || code === 'not-found');

function refusal(key: string, { error, count }: { error: GlobeError; count: number }): GlobeError {
  const { code, message, hint } = error;
  const what = code === 'not-found' ? 'photos have no file' : `answers of ${key} were all refusals`;
  const advice = code === 'not-found' ? 'Check --input, and that the images lie beside the table.' : hint;
  return new GlobeError({
    code,
    message: `The first ${count} ${what}: ${message}`,
    hint: [
      advice ?? 'Check the model and its address.',
      'What was answered is kept: run the same command again to continue.',
      ...(code === 'not-found' ? ['With --accept-pending the dataset is made without them.'] : []),
    ].join(' '),
    cause: error,
  });
}
