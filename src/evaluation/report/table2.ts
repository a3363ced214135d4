/**
 * The rows of Table 2 in our reports, each with its protocol: the measured rows, and separately the paper's rows for
 * the same benchmark. The terminal, Markdown and HTML formats are created from these rows.
 */
import { PAPER_GROUPS, PAPER_PROTOCOL, TABLE_2 } from '../paper-tables.ts';
import type { PaperBenchmark } from '../paper-tables.ts';
import { THRESHOLDS_KM } from '../thresholds.ts';
import type { Preference } from '../../locator/preferred-position.ts';
import type { MeasuredOutcome } from '../outcome.ts';
import type { AccuracyShare, Report, Summary } from './report.ts';

export type TableRow = {
  readonly source: 'measured' | 'published';
  readonly method: string;
  /** Group of methods in the paper's table; absent for measured rows. */
  readonly group?: string;
  readonly n: number | null;
  /** One cell for each threshold. Published rows have no interval. */
  readonly cells: readonly { readonly percent: number; readonly low?: number; readonly high?: number }[];
  readonly protocol: string;
  readonly marks: readonly string[];
};

export type MeasuredRun = {
  readonly name: string;
  readonly summary: Summary;
  readonly protocol: string;
  /** Remarks on how this row's protocol differs from the paper's. */
  readonly marks?: readonly string[];
};

/** Remark for rows that use positions stated in answers. The paper uses only geocoded places. */
export const STATED_POSITION_MARK =
  "a position that the answer states counts before a coarser place: not the paper's protocol";

/** Creates the table row of one file. The row's name contains `prefer`, unless it is the paper's `place`. */
export function measuredRun(
  name: string,
  { report, prefer }: { readonly report: Report; readonly prefer: Preference },
): MeasuredRun {
  const run = { summary: report, protocol: report.protocol.from };
  if (prefer === 'place') return { ...run, name };
  return { ...run, name: `${name}, prefer ${prefer}`, marks: [STATED_POSITION_MARK] };
}

/** True if two readings of the same rows differ in the distance of any row. */
export function differ(first: readonly MeasuredOutcome[], second: readonly MeasuredOutcome[]): boolean {
  return first.some(({ distanceKm }, i) => distanceKm !== second[i]?.distanceKm);
}

/** Returns the measured rows, then the paper's rows if the paper has this benchmark. */
export function table2Rows(runs: readonly MeasuredRun[], benchmark?: string): TableRow[] {
  return [...runs.map((run) => measuredRow(run)), ...(isPaperBenchmark(benchmark) ? paperRows(benchmark) : [])];
}

/** Warns if measured rows count different numbers of photos; undefined if they do not. */
export function unequalRowsWarning(rows: readonly TableRow[]): string | undefined {
  const counts = new Set(rows.flatMap(({ source, n }) => (source === 'measured' && n !== null ? [n] : [])));
  if (counts.size <= 1) return undefined;
  const words = [...counts].map((n) => n.toLocaleString('en-US')).join(' and ');
  return `Warning: the measured rows count different photos (n = ${words}), so their percentages cannot be compared directly. The paired tests use only the photos in both.`;
}

export function isPaperBenchmark(name: string | undefined): name is PaperBenchmark {
  return name === 'mp16-reason-test' || name === 'im2gps3k';
}

function measuredRow({ name, summary, protocol, marks = [] }: MeasuredRun): TableRow {
  const cells = THRESHOLDS_KM.map((km) => summary.accuracy[String(km)] as AccuracyShare);
  return { source: 'measured', method: name, n: summary.n, cells, protocol, marks };
}

function paperRows(benchmark: PaperBenchmark): TableRow[] {
  return TABLE_2.flatMap(({ group, method, accuracy, trainTestOverlap, notPublic }) => {
    const values = accuracy[benchmark];
    if (values === null) return [];
    const marks = [
      ...(trainTestOverlap && benchmark === 'mp16-reason-test' ? ['training data overlaps with the test'] : []),
      ...(notPublic ? ['model not public'] : []),
    ];
    const cells = values.map((percent) => ({ percent }));
    return [
      {
        source: 'published' as const,
        method,
        group: PAPER_GROUPS[group],
        n: null,
        cells,
        protocol: PAPER_PROTOCOL,
        marks,
      },
    ];
  });
}
