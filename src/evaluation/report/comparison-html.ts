/**
 * The page that compares several runs: the accuracy table, the curves, and paired tests of each run against the first.
 */
import type { ComparedRun, Comparison } from '../compare.ts';
import { distancesOf } from '../metrics.ts';
import { cellsOf, footOf, HEAD, titleOf } from './comparison.ts';
import { accuracyTable, curveFigure } from './html-parts.ts';
import { STYLE } from './style.ts';
import { htmlPage } from '../../page/html-page.ts';
import { escapeHtml, htmlDefinitions, htmlRow, htmlTable } from '../../page/html-text.ts';
import type { TableRow } from './table2.ts';

export type ComparisonPage = {
  readonly title: string;
  readonly runs: readonly ComparedRun[];
  readonly comparisons: readonly Comparison[];
  readonly rows: readonly TableRow[];
};

export function comparisonHtml({ title, runs, comparisons, rows }: ComparisonPage): string {
  const curves = runs.map(({ name, outcomes }) => ({
    name,
    distancesKm: distancesOf(outcomes),
    n: outcomes.length,
  }));
  const measured = rows.filter(({ source }) => source === 'measured');
  return htmlPage({
    title,
    style: STYLE,
    body: `<h2>Accuracy</h2>
${accuracyTable(rows)}
<h2>Share of photos placed within a distance</h2>
${curveFigure(curves, rows)}
${comparisons.map((comparison) => section(comparison)).join('')}
<h2>Protocol</h2>
${htmlDefinitions(measured.map(({ method, protocol }) => [method, protocol]))}`,
  });
}

function section(comparison: Comparison): string {
  return `<h2>${escapeHtml(titleOf(comparison))}</h2>${htmlTable(
    HEAD,
    comparison.thresholds.map((test) => htmlRow(cellsOf(test).map(escapeHtml))),
  )}<p class="quiet">${escapeHtml(footOf(comparison))}</p>`;
}
