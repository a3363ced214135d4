/** HTML parts that the page of one run and the page of a comparison share. */
import { legend, thresholdCurves } from './charts.ts';
import type { Curve, Markers } from './charts.ts';
import { escapeHtml, htmlRow, htmlTable } from '../../page/html-text.ts';
import { type TableRow, unequalRowsWarning } from './table2.ts';
import { THRESHOLD_HEADS } from './words.ts';

/** The published methods in the chart. The table shows all published methods. */
const CHARTED = ['GLOBE-7B', 'Qwen2.5-VL-7B', 'GPT-4.1'];

/** Renders Table 2: measured rows with their intervals, then the paper's rows, by group of methods. */
export function accuracyTable(rows: readonly TableRow[]): string {
  const head = ['% of photos within', ...THRESHOLD_HEADS.map(({ km, level }) => `${km}<br>${level}`)];
  const measured = rows.filter(({ source }) => source === 'measured');
  const published = Map.groupBy(
    rows.filter(({ source }) => source === 'published'),
    ({ group }) => group ?? '',
  );
  const warning = unequalRowsWarning(rows);
  const line = ({ method, cells, marks, source, n }: TableRow): string =>
    htmlRow(
      [
        `${escapeHtml(method)}${n === null ? '' : ` <span class="unit">n = ${n.toLocaleString('en-US')}</span>`}${marks.length === 0 ? '' : ` <span class="unit">(${marks.join(', ')})</span>`}`,
        ...cells.map(
          ({ percent: value, low, high }) =>
            `${value.toFixed(2)}${low === undefined || high === undefined ? '' : ` <span class="unit">${low.toFixed(2)} to ${high.toFixed(2)}</span>`}`,
        ),
      ],
      source,
    );
  const heading = (text: string): string => `<tr class="heading"><th colspan="6">${escapeHtml(text)}</th></tr>`;
  return `${htmlTable(head, [
    heading('Measured here, with 95 % intervals'),
    ...measured.map(line),
    ...[...published].flatMap(([group, members]) => [
      heading(`Published (GLOBE paper, Table 2): ${group}`),
      ...members.map(line),
    ]),
  ])}${warning === undefined ? '' : `<p>${escapeHtml(warning)}</p>`}${published.size === 0 ? '' : '<p class="quiet">Published rows were measured by their authors with other prompts and geocoders; the protocol alone changes results by up to ten points.</p>'}`;
}

/** Draws the curves of the measured runs, and the published methods as marks at the five thresholds. */
export function curveFigure(curves: readonly Curve[], rows: readonly TableRow[]): string {
  const markers: Markers[] = CHARTED.flatMap((method) => {
    const row = rows.find((candidate) => candidate.source === 'published' && candidate.method === method);
    return row === undefined ? [] : [{ name: method, percents: row.cells.map((cell) => cell.percent) }];
  });
  return `<figure>${thresholdCurves(curves, markers)}${legend(curves, markers)}</figure>`;
}
