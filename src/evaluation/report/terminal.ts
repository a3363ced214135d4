/** Formats the report for a terminal: the table, then counts, groups, calibration and protocol. */
import Table from 'cli-table3';
import type { Report } from './report.ts';
import { type TableRow, unequalRowsWarning } from './table2.ts';
import {
  countsOf,
  GROUPINGS,
  kilometres,
  largest,
  percent,
  shortPercent,
  protocolLines,
  shareWords,
  THRESHOLD_HEADS,
  whole,
  withInterval,
} from './words.ts';

export function terminalReport(report: Report, rows: readonly TableRow[]): string {
  const lines = [
    terminalTable(rows),
    '',
    `${whole(report.n)} rows: ${countsOf(report)
      .map(({ label, n }) => `${whole(n)} ${label}`)
      .join(', ')}`,
    `median ${kilometres(report.medianKm)}, mean ${kilometres(report.meanKm)}, GeoScore ${report.geoScore.toFixed(0)} of 5000`,
    `country right ${shareWords(report.countryMatch)}, city right ${shareWords(report.cityMatch)}`,
    ...GROUPINGS.flatMap(({ key, title, most }) => groupTable({ title, groups: report.breakdown[key] ?? [], most })),
    ...calibrationLines(report),
    '',
    ...protocolLines(report).map(({ label, text }) => `${`${label}:`.padEnd(14)} ${text}`),
  ];
  return lines.join('\n');
}

/**
 * Formats Table 2, with a row for each method and a column for each threshold. Headings separate measured and published
 * rows.
 */
export function terminalTable(rows: readonly TableRow[]): string {
  const table = plainTable(['% within', ...THRESHOLD_HEADS.map(({ km, level }) => `${km}\n${level}`)]);
  for (const source of ['measured', 'published'] as const) {
    const members = rows.filter((row) => row.source === source);
    if (members.length === 0) continue;
    table.push([
      {
        colSpan: 6,
        content:
          source === 'measured' ? 'measured here, 95 % interval' : 'published in the GLOBE paper, other protocols',
      },
    ]);
    for (const { method, cells, marks, n } of members) {
      const count = n === null ? '' : `, n = ${whole(n)}`;
      table.push([`  ${method}${count}${marks.length === 0 ? '' : ' *'}`, ...cells.map((cell) => withInterval(cell))]);
    }
  }
  const marked = new Set(rows.flatMap(({ marks }) => marks));
  const notes = [marked.size === 0 ? undefined : `* ${[...marked].join(', or ')}`, unequalRowsWarning(rows)];
  return [table.toString(), ...notes.filter((note) => note !== undefined)].join('\n');
}

function groupTable({
  title,
  groups,
  most,
}: {
  title: string;
  groups: NonNullable<Report['breakdown']['scene']>;
  most: number;
}): string[] {
  if (groups.length === 0) return [];
  const { shown, more } = largest(groups, most);
  const table = plainTable([title, 'n', ...THRESHOLD_HEADS.map(({ km }) => km), 'median']);
  for (const { group, n, accuracy, medianKm } of shown) {
    table.push([group, whole(n), ...Object.values(accuracy).map((share) => shortPercent(share)), kilometres(medianKm)]);
  }
  return ['', table.toString(), ...(more > 0 ? [`  and ${more} more (all in --json)`] : [])];
}

function calibrationLines({ calibration }: Report): string[] {
  if (calibration === null) return [];
  const half = calibration.coverage.find(({ coverage }) => coverage === 0.5)!;
  return [
    '',
    `confidence: expected calibration error ${(100 * calibration.expectedCalibrationError).toFixed(1)} points at ${calibration.thresholdKm} km (${whole(calibration.n)} rows); ` +
      `the more confident half is right in ${percent(half.accuracy)} %`,
  ];
}

/** Creates a table without lines. Spaces separate the columns, so that the table is easy to copy. */
function plainTable(head: string[]): Table.Table {
  const none = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: ' ',
  };
  return new Table({
    head,
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
    chars: none,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  });
}
