/**
 * Decides whether to repeat a failed request or to record its failure. While a service is down, for example during a
 * restart, the evaluation pauses and repeats requests. If the service answers requests for other images, the failure is
 * due to the image itself.
 */
import { GlobeError, messageOf } from '../core/errors.ts';
import type { Clock } from '../service/clock.ts';

export const DEFAULT_PATIENCE_MS = 30 * 60_000;
const FIRST_PAUSE_MS = 5000;
const MAX_PAUSE_MS = 60_000;
/** Maximum number of requests for one image while the service answers requests for other images. */
const MAX_TRIES = 3;
/**
 * Maximum number of requests for the last image. No other image is left to show that the service works, so the run
 * pauses for about two minutes in all.
 */
const MAX_LAST_TRIES = 6;

export type Attempt = {
  /** Number of requests for this image so far, including the failed one. */
  readonly tries: number;
  /** The value of `answers()` when the request began. */
  readonly answersBefore: number;
  /** True if every other image is finished. */
  readonly isLast: boolean;
};

export type Patience = {
  /** Resolves at once; if the service is down, resolves after the pause. */
  ready(signal: AbortSignal): Promise<void>;
  /** Number of answers from the service so far. */
  answers(): number;
  answered(): void;
  /** Decides whether to repeat the request or record its failure. Throws if the run must end. */
  failed(error: unknown, attempt: Attempt): 'retry' | 'record';
};

export type PatienceOptions = {
  readonly clock: Clock;
  readonly patienceMs: number;
  readonly onNotice?: ((text: string) => void) | undefined;
};

export function createPatience({ clock, patienceMs, onNotice }: PatienceOptions): Patience {
  let answers = 0;
  let outage: { readonly sinceMs: number; untilMs: number; pauses: number } | undefined;
  const minutes = Math.round(patienceMs / 60_000);

  function pause(error: GlobeError): void {
    const now = clock.now();
    if (outage === undefined) {
      outage = { sinceMs: now, untilMs: 0, pauses: 0 };
      onNotice?.(
        `The service is down: ${error.message} The run waits for it, at most ${minutes} minutes (--patience).`,
      );
    }
    if (now - outage.sinceMs >= patienceMs) throw outageError(error, minutes);
    // A request that fails during a pause does not prolong the pause.
    if (now >= outage.untilMs) {
      outage.untilMs = now + Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** outage.pauses);
      outage.pauses += 1;
    }
  }

  return {
    ready: async (signal) => {
      const waitMs = (outage?.untilMs ?? 0) - clock.now();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    },
    answers: () => answers,
    answered: () => {
      answers += 1;
      if (outage === undefined) return;
      onNotice?.(`The service answers again after ${Math.round((clock.now() - outage.sinceMs) / 1000)} s.`);
      outage = undefined;
    },
    failed: (error, { tries, answersBefore, isLast }) => {
      if (!(error instanceof GlobeError)) return 'record';
      // The key, model or address is wrong, so every image would fail.
      if (error.code === 'denied' && answers === 0) throw error;
      if (!error.retryable) return 'record';
      if (answers > answersBefore) return tries < MAX_TRIES ? 'retry' : 'record';
      if (isLast && tries >= MAX_LAST_TRIES) return 'record';
      pause(error);
      return 'retry';
    },
  };
}

function outageError(error: GlobeError, minutes: number): GlobeError {
  return new GlobeError({
    code: error.code,
    message: `The service was down for ${minutes} minutes: ${messageOf(error)}`,
    hint: 'Start the service and run the same command again: finished images are kept. --patience sets how long a run waits.',
    cause: error,
  });
}
