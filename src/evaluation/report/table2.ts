/**
 * Table 2 as this project prints it: our measured rows beside the paper's published ones, on the same benchmark, each
 * with its protocol and never mixed. The terminal, Markdown and HTML forms are written from these rows.
 */
import { PAPER_GROUPS, PAPER_PROTOCOL, TABLE_2 } from '../paper-tables.ts';
import type { PaperBenchmark } from '../paper-tables.ts';
import { THRESHOLDS_KM } from '../thresholds.ts';
import type { AccuracyShare, Summary } from './report.ts';

export type TableRow = {
  readonly source: 'measured' | 'published';
  readonly method: string;
  /** Family of the paper's table; absent for measured rows. */
  readonly group?: string;
  readonly n: number | null;
  /** One cell for each threshold. Published rows have no interval. */
  readonly cells: readonly { readonly percent: number; readonly low?: number; readonly high?: number }[];
  readonly protocol: string;
  readonly marks: readonly string[];
};

export type MeasuredRun = { readonly name: string; readonly summary: Summary; readonly protocol: string };

/** Measured rows first, then the paper's for the benchmark, if it has any. */
export function table2Rows(runs: readonly MeasuredRun[], benchmark?: string): TableRow[] {
  return [...runs.map((run) => measuredRow(run)), ...(isPaperBenchmark(benchmark) ? paperRows(benchmark) : [])];
}

export function isPaperBenchmark(name: string | undefined): name is PaperBenchmark {
  return name === 'mp16-reason-test' || name === 'im2gps3k';
}

function measuredRow({ name, summary, protocol }: MeasuredRun): TableRow {
  const cells = THRESHOLDS_KM.map((km) => summary.accuracy[String(km)] as AccuracyShare);
  return { source: 'measured', method: name, n: summary.n, cells, protocol, marks: [] };
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
