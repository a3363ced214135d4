/** Writes the section on the course of training: each reward component, KL, entropy and length over the steps. */
import * as Plot from '@observablehq/plot';
import { mean } from '../../core/statistics/index.ts';
import { escapeHtml, htmlRow, htmlTable } from '../../page/html-text.ts';
import { armColour, armLegend, drawPlot, figure } from '../../page/plot.ts';
import { movingMean } from './smoothing.ts';
import type { TrainingCurve } from './training-curve.ts';

/** Measures in their order on the page. Measures without data are left out. */
const MEASURES: readonly { readonly key: string; readonly title: string; readonly share?: true }[] = [
  { key: 'reward', title: 'Total reward' },
  { key: 'accuracy', title: 'Geo-localization accuracy', share: true },
  { key: 'visual', title: 'Visual grounding', share: true },
  { key: 'localizability', title: 'Localizability', share: true },
  { key: 'format', title: 'Format', share: true },
  { key: 'kl', title: 'KL from the base, nats per token' },
  { key: 'entropy', title: 'Entropy, nats per token' },
  { key: 'completionTokens', title: 'Tokens per answer' },
  { key: 'loss', title: 'Loss' },
];

type Point = { readonly arm: string; readonly step: number; readonly value: number; readonly smooth: number };

export function learningSection(training: readonly TrainingCurve[], arms: readonly string[]): string {
  const rewarded = training.filter(({ steps }) => steps.some(({ values }) => values['reward'] !== undefined));
  if (rewarded.length === 0) return '';
  const shown = [...new Set(rewarded.map(({ arm }) => arm))];
  const curves = MEASURES.flatMap((measure) => {
    const points = shown.flatMap((arm) => pointsOf(rewarded, arm, measure.key));
    return points.length === 0 || measure.key === 'loss' ? [] : [{ measure, points }];
  });
  const charts = curves.map(({ measure, points }) => chart(measure, points, arms));
  const rows = curves.flatMap(({ measure, points }) =>
    shown.flatMap((arm) => {
      const own = points.filter((point) => point.arm === arm);
      if (own.length === 0) return [];
      const [first, last] = ends(own);
      return [
        htmlRow([`${measure.title}${shown.length > 1 ? `, ${escapeHtml(arm)}` : ''}`, first, last, String(own.length)]),
      ];
    }),
  );
  const seeds = Math.max(...shown.map((arm) => rewarded.filter((curve) => curve.arm === arm).length));
  return `<section id="learning"><h2>Rewards during training</h2>
<p>In each step the model answers a few photos many times; every answer earns a reward, and answers that earn more than their photo's average become more likely.</p>
${armLegend(shown, arms)}${figure(charts, {
    caption: `Over the steps of training. Thin lines: single steps. Thick lines: moving mean over a twelfth of the run.${seeds > 1 ? ' For a method with several runs, the mean over its runs.' : ''}`,
    table: htmlTable(['measure', 'first tenth', 'last tenth', 'steps'], rows),
  })}</section>`;
}

/** Returns the mean over the arm's runs at each step. The curve ends with the shortest run. */
function pointsOf(training: readonly TrainingCurve[], arm: string, key: string): Point[] {
  const runs = training
    .filter((curve) => curve.arm === arm)
    .map(({ steps }) =>
      steps.flatMap(({ step, values }) => (values[key] === undefined ? [] : [{ step, value: values[key] }])),
    );
  const length = Math.min(...runs.map((run) => run.length));
  const values = Array.from({ length }, (_, i) => mean(runs.map((run) => run[i]!.value))!);
  const smooth = movingMean(values);
  return values.map((value, i) => ({ arm, step: runs[0]![i]!.step + 1, value, smooth: smooth[i]! }));
}

function chart({ title, share }: (typeof MEASURES)[number], points: readonly Point[], arms: readonly string[]): string {
  const colour = ({ arm }: Point): string => armColour(arm, arms);
  const [first, last] = ends(points);
  const drawn = drawPlot(`${title} over ${points.at(-1)!.step} steps: from ${first} to ${last}.`, {
    width: 340,
    height: 180,
    marginTop: 10,
    marginBottom: 24,
    marginLeft: 44,
    marginRight: 12,
    x: { label: null, ticks: 5 },
    y: { label: null, grid: true, ticks: 4, ...(share === true ? { domain: [0, 1] } : { nice: true }) },
    marks: [
      Plot.line(points, { x: 'step', y: 'value', z: 'arm', stroke: colour, strokeOpacity: 0.22, strokeWidth: 1 }),
      Plot.line(points, { x: 'step', y: 'smooth', z: 'arm', stroke: colour, strokeWidth: 2.4 }),
    ],
  });
  return `<div><h4>${escapeHtml(title)}</h4>${drawn}</div>`;
}

/** Formats two means: over the first tenth of the points, and over the last tenth. */
function ends(points: readonly Point[]): [string, string] {
  const tenth = Math.max(1, Math.round(points.length / 10));
  const words = (part: readonly Point[]): string => mean(part.map(({ value }) => value))!.toPrecision(3);
  return [words(points.slice(0, tenth)), words(points.slice(-tenth))];
}
