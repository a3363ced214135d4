/** Formats the report as Markdown, to paste into a repository or an issue. */
import type { GroupSummary, Report } from './report.ts';
import { type TableRow, unequalRowsWarning } from './table2.ts';
import {
  countsOf,
  GROUPINGS,
  kilometres,
  largest,
  shortPercent,
  protocolLines,
  shareWords,
  THRESHOLD_HEADS,
  whole,
  withInterval,
} from './words.ts';

export type MarkdownContent = { readonly title: string; readonly rows: readonly TableRow[]; readonly caution?: string };

export function markdownReport(report: Report, { title, rows, caution }: MarkdownContent): string {
  return `${[
    `# ${inline(title)}`,
    ...(caution === undefined ? [] : [`**${inline(caution)}**`]),
    markdownTable(rows),
    [
      `- ${whole(report.n)} rows: ${countsOf(report)
        .map(({ label, n }) => `${whole(n)} ${label}`)
        .join(', ')}`,
      `- median ${kilometres(report.medianKm)}, mean ${kilometres(report.meanKm)}, GeoScore ${report.geoScore.toFixed(0)} of 5000`,
      `- country right ${shareWords(report.countryMatch)}; city right ${shareWords(report.cityMatch)}`,
    ].join('\n'),
    ...GROUPINGS.flatMap(({ key, title, most }) => groupSection({ title, groups: report.breakdown[key] ?? [], most })),
    '## Protocol',
    protocolLines(report)
      .map(({ label, text }) => `- **${label}**: ${inline(text)}`)
      .join('\n'),
  ].join('\n\n')}\n`;
}

/**
 * Formats the table of results: measured and published rows under separate headings, and each row's remarks as text.
 */
export function markdownTable(rows: readonly TableRow[]): string {
  const head = tableRow(['% within', ...THRESHOLD_HEADS.map(({ km, level }) => `${km} (${level})`), 'n']);
  const rule = tableRow(['---', ...THRESHOLD_HEADS.map(() => '---:'), '---:']);
  const body = (['measured', 'published'] as const).flatMap((source) => {
    const members = rows.filter((row) => row.source === source);
    if (members.length === 0) return [];
    const heading =
      source === 'measured' ? 'Measured here, 95 % interval' : 'Published in the GLOBE paper, other protocols';
    return [
      tableRow([`*${heading}*`, ...THRESHOLD_HEADS.map(() => ''), '']),
      ...members.map(({ method, cells, n, marks }) =>
        tableRow([
          `${cell(method)}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`,
          ...cells.map(withInterval),
          n === null ? '' : whole(n),
        ]),
      ),
    ];
  });
  const warning = unequalRowsWarning(rows);
  return [head, rule, ...body, ...(warning === undefined ? [] : ['', warning])].join('\n');
}

function groupSection({
  title,
  groups,
  most,
}: {
  title: string;
  groups: readonly GroupSummary[];
  most: number;
}): string[] {
  if (groups.length === 0) return [];
  const { shown, more } = largest(groups, most);
  const lines = [
    tableRow([title.replace('By ', ''), 'n', ...THRESHOLD_HEADS.map(({ km }) => km), 'median']),
    tableRow(['---', ...Array<string>(THRESHOLD_HEADS.length + 2).fill('---:')]),
    ...shown.map(({ group, n, accuracy, medianKm }) =>
      tableRow([
        cell(group),
        whole(n),
        ...Object.values(accuracy).map((share) => shortPercent(share)),
        kilometres(medianKm),
      ]),
    ),
  ];
  return [`## ${title}`, lines.join('\n'), ...(more > 0 ? [`and ${whole(more)} more`] : [])];
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cell(text: string): string {
  return inline(text).replaceAll('|', '\\|');
}

/** Escapes text from files and models, so that it cannot become HTML or start a new line. */
function inline(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\r\n\u2028\u2029]+/gu, ' ');
}
