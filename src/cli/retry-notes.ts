/**
 * Reports each outage of a service on one line. During an outage, all requests fail and retry, so one line per failure
 * would fill the terminal.
 */
import type { RetryEvent } from '../service/retry.ts';

/**
 * Time without failures after which an outage counts as over. During an outage, attempts usually follow each other
 * faster.
 */
const QUIET_MS = 60_000;
/**
 * Request ids and times. They differ between messages about the same failure, so they are removed before messages are
 * compared.
 */
const IDS = /\b(?=[\w-]*\d)[\w-]{6,}\b/g;

/**
 * Returns a listener for retries. It writes a line at the first failed attempt of an outage. Later attempts with the
 * same reason write nothing.
 */
export function retryNotes(write: (text: string) => void, now: () => number = Date.now): (event: RetryEvent) => void {
  const lastMs = new Map<string, number>();
  return ({ attempt, delayMs, error }) => {
    const reason = error.message.replaceAll(IDS, '');
    const last = lastMs.get(reason) ?? Number.NEGATIVE_INFINITY;
    // The next attempt starts after the delay, which a service may set to minutes. A failure of this attempt still
    // belongs to the outage.
    lastMs.set(reason, Math.max(last, now() + delayMs));
    if (now() - last > QUIET_MS) {
      write(`Attempt ${attempt} failed: ${error.message} Retrying in ${(delayMs / 1000).toFixed(1)} s.`);
    }
  };
}
