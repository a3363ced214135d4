/**
 * Decides what to do if an instrument fails repeatedly. If the instrument's service is down, the run pauses, longer
 * after each failure, and ends if the outage lasts too long. If the run's options are wrong, the run ends at once. Each
 * notice states the reason and when the pause ends.
 */
import { GlobeError } from '../../core/errors.ts';
import type { Clock } from '../../service/clock.ts';

/**
 * Number of consecutive failures that counts as an outage. The number is larger than the number of photos in progress
 * at the default concurrency.
 */
const FAILURES_IN_A_ROW = 25;
const FIRST_PAUSE_MS = 60_000;
const MAX_PAUSE_MS = 600_000;

export type OutageWatch = {
  /** Resolves when the instrument can receive requests again. */
  ready(key: string, signal: AbortSignal): Promise<void>;
  succeeded(key: string): void;
  /** Records that the instrument answered in an earlier process. */
  succeededEarlier(key: string): void;
  /**
   * Records a malformed answer. If the first 25 answers were all malformed, returns the error that ends the run,
   * because more requests would only cost money.
   */
  malformed(key: string, reason: string): GlobeError | undefined;
  /**
   * Records a failure. If the first answers were all refusals, or if the outage has lasted too long, returns the error
   * that ends the run.
   */
  failed(key: string, error: GlobeError): GlobeError | undefined;
};

export type OutageOptions = {
  readonly clock: Clock;
  readonly maxOutageMs: number;
  /** Number of photos in the run. In a run with fewer than 25 photos, this number of refusals ends the run. */
  readonly photos: number;
  /** True if the dataset may leave out pending photos. Missing files then do not end the run. */
  readonly acceptPending?: boolean;
  readonly onNotice?: ((text: string) => void) | undefined;
};

type State = {
  /** Number of consecutive failures. */
  failures: number;
  readonly sinceMs: number;
  pausedUntilMs: number;
};

export function createOutageWatch(options: OutageOptions): OutageWatch {
  const { clock, maxOutageMs, photos, acceptPending = false, onNotice } = options;
  const states = new Map<string, State>();
  const answered = new Set<string>();
  const answeredBefore = new Set<string>();
  const malformed = new Map<string, number>();
  /**
   * By instrument: the number of permanent refusals before the first answer, or −∞ after a failure of another kind.
   */
  const refusals = new Map<string, number>();

  /** If the instrument's first answers were all refusals, returns the error that ends the run. */
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
        hint: `${error.hint ?? 'Check the service.'} All answers are kept: run the same command again to resume.`,
        cause: error,
      });
    }
    const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (state.failures / FAILURES_IN_A_ROW - 1));
    state.pausedUntilMs = clock.now() + pauseMs;
    const time = new Date(state.pausedUntilMs).toTimeString().slice(0, 8);
    onNotice?.(
      `${key} failed ${state.failures} times in a row: ${error.message} The next try is in ${pauseMs / 1000} s, at ${time}; the run ends if the failures last ${minutes} minutes (maxOutageMinutes).`,
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
    succeededEarlier: (key) => void answeredBefore.add(key),
    malformed: (key, reason) => {
      states.delete(key);
      const count = (malformed.get(key) ?? 0) + 1;
      malformed.set(key, count);
      if (count < FAILURES_IN_A_ROW || answered.has(key)) return undefined;
      return new GlobeError({
        code: 'service',
        message: `The first ${count} answers of ${key} were all malformed. The last one: ${reason}`,
        hint: 'Use another model, or raise annotation.maxTokens in the recipe if answers are cut. All answers are kept: run the same command again to resume.',
      });
    },
    failed: (key, error) => {
      const isMissing = error.code === 'not-found';
      const isPhoto = error.code === 'rejected' && isFinal(error) && (answered.has(key) || answeredBefore.has(key));
      // With `acceptPending`, the dataset may leave out photos that are missing or were refused.
      if (acceptPending && (isMissing || isPhoto)) return undefined;
      const fatal = answered.has(key) ? undefined : refused(key, error);
      // A missing file makes its photo pending but does not pause the run, because waiting does not bring the file
      // back.
      return fatal ?? (isMissing ? undefined : paused(key, error));
    },
  };
}

/**
 * Returns true if a retry would fail in the same way. `denied` includes an unknown host, although the client retries
 * such requests.
 */
const isFinal = ({ code, retryable }: GlobeError): boolean =>
  code === 'denied' || (!retryable && (code === 'rejected' || code === 'not-found'));

function refusal(key: string, { error, count }: { error: GlobeError; count: number }): GlobeError {
  const { code, message, hint } = error;
  const what = code === 'not-found' ? 'photos have no file' : `answers of ${key} were all refusals`;
  const advice = code === 'not-found' ? 'Check --input, and that the images are beside the table.' : hint;
  return new GlobeError({
    code,
    message: `The first ${count} ${what}: ${message}`,
    hint: [
      advice ?? 'Check the model and its address.',
      'All answers are kept: run the same command again to resume.',
      ...(code === 'not-found' ? ['To make the dataset without these photos, add --accept-pending.'] : []),
    ].join(' '),
    cause: error,
  });
}
