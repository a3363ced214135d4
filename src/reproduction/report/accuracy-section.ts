/**
 * Writes the section with the main result: the share of photos within each distance by method, and the paired
 * differences between methods.
 */
import * as Plot from '@observablehq/plot';
import { escapeHtml, htmlRow, htmlTable } from '../../page/html-text.ts';
import { LEVELS, type ThresholdKm, THRESHOLDS_KM } from '../../evaluation/thresholds.ts';
import { THRESHOLD_HEADS } from '../../evaluation/report/words.ts';
import type { Benchmark, Difference } from './content.ts';
import { armColour, drawPlot, figure, rowLabels } from '../../page/plot.ts';
import { verdictOf } from '../verdict.ts';
import { pointsWithin, pValue, signed } from './words.ts';

const WIDEST_LABEL = 170;

export function accuracySection(
  benchmarks: readonly Benchmark[],
  { arms, differences }: { readonly arms: readonly string[]; readonly differences: readonly Difference[] },
): string {
  if (benchmarks.length === 0) return '';
  const parts = benchmarks.map(
    (benchmark) => `<h3>${escapeHtml(benchmark.name)}</h3><p>${escapeHtml(benchmark.description)}</p>
${accuracyFigure(benchmark, arms)}${differenceTable(differences.filter((one) => one.benchmark === benchmark.name))}`,
  );
  return `<section id="accuracy"><h2>How many photos are placed within a distance</h2>${parts.join('')}</section>`;
}

function accuracyFigure({ name, arms: measured }: Benchmark, arms: readonly string[]): string {
  const charts = THRESHOLDS_KM.map((km) => thresholdChart(km, { name, measured, arms }));
  const head = ['% of photos within', 'photos', 'runs', ...THRESHOLD_HEADS.map(({ km, level }) => `${km}<br>${level}`)];
  const table = htmlTable(
    head,
    measured.map(({ arm, n, runs, accuracy }) =>
      htmlRow(
        [escapeHtml(arm), String(n), String(runs), ...THRESHOLDS_KM.map((km) => pointsWithin(accuracy[km]))],
        'measured',
      ),
    ),
  );
  const caption =
    'Dot: share of the photos whose answer is within the distance of the truth. Bar: 95 % interval. Farther right is better; each chart has its own scale.';
  return `${figure(charts, { caption })}${table}`;
}

type ChartOptions = {
  readonly name: string;
  readonly measured: Benchmark['arms'];
  readonly arms: readonly string[];
};

/**
 * The chart has dots instead of bars, because bars must start at 0. With another start, the scale can show small
 * differences.
 */
function thresholdChart(km: ThresholdKm, { name, measured, arms }: ChartOptions): string {
  const rows: ChartRow[] = measured.map(({ arm, accuracy }) => {
    const { value, low, high } = accuracy[km];
    return { arm, km, percent: 100 * value, low: 100 * low, high: 100 * high };
  });
  const title = `Within ${km.toLocaleString('en-US')} km (${LEVELS[km]})`;
  const words = rows.map(({ arm, percent }) => `${arm} ${percent.toFixed(1)} %`);
  const labels = rowLabels(
    rows.map(({ arm }) => arm),
    { widest: WIDEST_LABEL },
  );
  const chart = drawPlot(`${name}, ${title}: ${words.join(', ')}.`, {
    width: 340,
    height: 56 + labels.rowPixels * rows.length,
    marginLeft: labels.marginLeft,
    marginTop: 8,
    marginRight: 16,
    marginBottom: 42,
    x: { grid: true, nice: true, ticks: 5, label: '% of photos', labelAnchor: 'center', labelArrow: 'none' },
    y: { type: 'band', domain: rows.map(({ arm }) => arm) },
    marks: [
      labels.mark,
      Plot.ruleY(rows, {
        y: 'arm',
        x1: 'low',
        x2: 'high',
        stroke: colourOf(arms),
        strokeWidth: 3,
        strokeOpacity: 0.5,
      }),
      Plot.dot(rows, { y: 'arm', x: 'percent', r: 4.5, fill: colourOf(arms), title: titleOf }),
    ],
  });
  return `<div><h4>${title}</h4>${chart}</div>`;
}

type ChartRow = {
  readonly arm: string;
  readonly km: number;
  readonly percent: number;
  readonly low: number;
  readonly high: number;
};

const colourOf = (arms: readonly string[]) => (row: ChartRow) => armColour(row.arm, arms);

const titleOf = ({ arm, km, percent, low, high }: ChartRow): string =>
  `${arm}, within ${km} km: ${percent.toFixed(1)} % (${low.toFixed(1)} to ${high.toFixed(1)})`;

function differenceTable(differences: readonly Difference[]): string {
  if (differences.length === 0) return '';
  const rows = differences.map(({ first, second, n, thresholds }) =>
    htmlRow([
      `${escapeHtml(second)} minus ${escapeHtml(first)} <span class="unit">same ${n} photos</span>`,
      ...thresholds.map(({ differencePoints, low, high, pAdjusted }) => {
        const verdict = verdictOf({ difference: differencePoints, pAdjusted });
        const [className, words] = verdict === 'not shown' ? ['', '<br>not shown'] : [verdict, ''];
        return `<strong class="${className}">${signed(differencePoints)}</strong> <span class="unit">${signed(low)} to ${signed(high)}<br>${pValue(pAdjusted)}${words}</span>`;
      }),
    ]),
  );
  return `<p>Difference in percentage points on the same photos, with its paired 95 % interval. A gain or loss is shown only where p, corrected for all tests of the row (Holm), is below 0.05.</p>${htmlTable(
    ['difference within', ...THRESHOLD_HEADS.map(({ km, level }) => `${km}<br>${level}`)],
    rows,
  )}`;
}
