/** One line for one outage: all requests in flight fail and retry together, which would fill the terminal. */
import type { RetryEvent } from '../service/retry.ts';

/** An outage is over when nothing has failed for this long: longer than the longest wait between two attempts. */
const QUIET_MS = 60_000;
/** Ids of requests and times, which make equal failures differ. */
const IDS = /\b(?=[\w-]*\d)[\w-]{6,}\b/g;

/** Writes a line at the first failed attempt of an outage; further attempts with the same reason are silent. */
export function retryNotes(write: (text: string) => void, now: () => number = Date.now): (event: RetryEvent) => void {
  const lastMs = new Map<string, number>();
  return ({ attempt, delayMs, error }) => {
    const reason = error.message.replaceAll(IDS, '');
    const last = lastMs.get(reason) ?? Number.NEGATIVE_INFINITY;
    // The next failure comes after this wait, which a service may set to minutes.
    lastMs.set(reason, Math.max(last, now() + delayMs));
    if (now() - last > QUIET_MS) {
      write(`Attempt ${attempt} failed: ${error.message} Retrying in ${(delayMs / 1000).toFixed(1)} s.`);
    }
  };
}
