/**
 * Shows the progress of a long command as one line on stderr. On a terminal, the line is rewritten. Elsewhere, it is
 * printed again at intervals.
 */
import { printable } from '../core/printable.ts';
import { redact } from '../service/redact.ts';
import { cutToWidth } from './cut-to-width.ts';
import { note } from './output.ts';

export type ProgressLine = { update(done: number, detail?: string): void; end(): void };

const TERMINAL_INTERVAL_MS = 100;
const FILE_INTERVAL_MS = 10_000;
/** Width that is assumed if a terminal does not report its width. */
const DEFAULT_COLUMNS = 80;

/**
 * Returns a progress line that counts up to `total`. The remaining time is estimated from the pace since the first
 * update.
 */
export function progressLine(
  total: number,
  { label, now = Date.now }: { label: string; now?: () => number },
): ProgressLine {
  const terminal = process.stderr.isTTY;
  let first: { done: number; at: number } | undefined;
  let printedAt = Number.NEGATIVE_INFINITY;
  return {
    update: (done, detail) => {
      const at = now();
      first ??= { done, at };
      const interval = terminal ? TERMINAL_INTERVAL_MS : FILE_INTERVAL_MS;
      if (at - printedAt < interval && done < total) return;
      printedAt = at;
      const line = `${label} ${done}/${total}${timeLeft({ total, done, first, at })}${detail === undefined ? '' : `, ${detail}`}`;
      if (terminal) process.stderr.write(`\r\u001B[2K${cutToWidth(printable(redact(line)), lineColumns())}`);
      else note(line);
    },
    end: () => {
      if (terminal) process.stderr.write('\n');
    },
  };
}

export type Count = { readonly done: number; readonly total: number; readonly detail?: string };

/** Shows several counts, one after the other. When the label changes, a new line starts. */
export function progressLines(): {
  readonly update: (label: string, count: Count) => void;
  readonly end: () => void;
} {
  let current: { readonly label: string; readonly line: ProgressLine } | undefined;
  const end = (): void => {
    current?.line.end();
    current = undefined;
  };
  return {
    update: (label, { done, total, detail }) => {
      if (current?.label !== label) end();
      current ??= { label, line: progressLine(total, { label }) };
      current.line.update(done, detail);
    },
    end,
  };
}

/**
 * The last column stays free. Some terminals wrap a line that fills the last column, and a wrapped line cannot be
 * rewritten.
 */
function lineColumns(): number {
  const { columns } = process.stderr;
  return (columns > 0 ? columns : DEFAULT_COLUMNS) - 1;
}

function timeLeft({
  total,
  done,
  first,
  at,
}: {
  total: number;
  done: number;
  first: { done: number; at: number };
  at: number;
}): string {
  const doneSince = done - first.done;
  if (doneSince === 0 || done >= total) return '';
  return `, ${duration(((at - first.at) / doneSince) * (total - done))} left`;
}

/** Formats a duration, such as "45 s", "12 min" or "3 h 20 min". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
