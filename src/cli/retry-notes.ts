/**
 * Prints one line per outage. During an outage all requests fail and retry, so a line for each would fill the terminal.
 */
import type { RetryEvent } from '../service/retry.ts';

/** An outage counts as over after this time without failures. Attempts usually follow each other faster. */
const QUIET_MS = 60_000;
/** Request ids and times, which differ between messages about the same failure. */
const IDS = /\b(?=[\w-]*\d)[\w-]{6,}\b/g;

/** Writes a line at the first failed attempt of an outage. Further attempts with the same reason write nothing. */
export function retryNotes(write: (text: string) => void, now: () => number = Date.now): (event: RetryEvent) => void {
  const lastMs = new Map<string, number>();
  return ({ attempt, delayMs, error }) => {
    const reason = error.message.replaceAll(IDS, '');
    const last = lastMs.get(reason) ?? Number.NEGATIVE_INFINITY;
    // The next attempt starts only after this delay, which a service may set to minutes. Its failure belongs to this
    // outage.
    lastMs.set(reason, Math.max(last, now() + delayMs));
    if (now() - last > QUIET_MS) {
      write(`Attempt ${attempt} failed: ${error.message} Retrying in ${(delayMs / 1000).toFixed(1)} s.`);
    }
  };
}
