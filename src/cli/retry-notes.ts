/** One line for one outage: all requests in flight fail and retry together, which would fill the terminal. */
import type { RetryEvent } from '../service/retry.ts';

/** An outage is over when nothing has failed for this long: longer than the longest wait between two attempts. */
const QUIET_MS = 60_000;

/** Writes a line at the first failed attempt of an outage, and keeps silent until it is over. */
export function retryNotes(write: (text: string) => void, now: () => number = Date.now): (event: RetryEvent) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return ({ delayMs, error }) => {
    const isNew = now() - lastMs > QUIET_MS;
    // The next failure comes after this wait, which a service may set to minutes.
    lastMs = Math.max(lastMs, now() + delayMs);
    if (isNew)
      write(`A request failed: ${error.message} Such requests are retried, first in ${(delayMs / 1000).toFixed(1)} s.`);
  };
}
