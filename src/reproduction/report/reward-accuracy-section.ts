/** Writes the section that shows whether accuracy on held-out photos rises with the training reward. */
import * as Plot from '@observablehq/plot';
import { mean } from '../../core/statistics/index.ts';
import { escapeHtml, htmlRow, htmlTable } from '../../page/html-text.ts';
import { armColour, armLegend, drawPlot, figure } from '../../page/plot.ts';
import type { TrainingCurve } from './training-curve.ts';
import { pointsWithin } from './words.ts';

/** Number of steps around an evaluation over which the reward is averaged. */
const WINDOW = 10;

/**
 * Maximum number of trainings for which the chart shows step numbers. With more trainings, the numbers would overlap.
 */
const MAX_NUMBERED = 2;

type Point = {
  readonly arm: string;
  readonly run: string;
  readonly step: number;
  readonly n: number;
  readonly reward: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
};

export function rewardAccuracySection(training: readonly TrainingCurve[], arms: readonly string[]): string {
  const points = training.flatMap((curve) => pointsOf(curve));
  if (points.length < 2) return '';
  const colour = ({ arm }: Point): string => armColour(arm, arms);
  const x = (point: Point): number => point.reward;
  const y = ({ value }: Point): number => 100 * value;
  const chart = drawPlot(
    `Mean reward in training against the share of held-out photos placed within 25 km, at ${points.length} moments. ${points.map(({ arm, step, reward, value }) => `${arm}, step ${step}: reward ${reward.toFixed(2)}, ${(100 * value).toFixed(1)} %`).join('; ')}.`,
    {
      width: 640,
      height: 330,
      marginLeft: 48,
      marginTop: 26,
      marginBottom: 46,
      x: { label: 'mean reward in training', labelAnchor: 'center', labelArrow: 'none', nice: true, inset: 12 },
      y: { label: '% of held-out photos within 25 km', grid: true, nice: true, zero: true, labelArrow: 'none' },
      marks: [
        Plot.ruleX(points, {
          x,
          y1: (point: Point) => 100 * point.low,
          y2: (point: Point) => 100 * point.high,
          stroke: colour,
          strokeOpacity: 0.3,
          strokeWidth: 2,
        }),
        Plot.line(points, { x, y, z: 'run', stroke: colour, strokeOpacity: 0.55 }),
        Plot.dot(points, { x, y, r: 4, fill: colour, title: ({ arm, step }: Point) => `${arm}, after ${step} steps` }),
        Plot.text(training.length > MAX_NUMBERED ? [] : points, {
          x,
          y,
          dy: -14,
          dx: 10,
          text: ({ step }: Point) => String(step),
          fill: 'var(--quiet)',
        }),
      ],
    },
  );
  const rows = points.map(({ arm, run, step, n, reward, value, low, high }) =>
    htmlRow([
      `${escapeHtml(arm)} <span class="unit">${escapeHtml(run)}</span>`,
      String(step),
      reward.toFixed(3),
      pointsWithin({ value, low, high }),
      String(n),
    ]),
  );
  const shown = [...new Set(points.map(({ arm }) => arm))];
  const isOneEach = new Set(points.map(({ arm, run }) => `${arm} ${run}`)).size === points.length;
  const dots = isOneEach
    ? 'Each dot is one training run.'
    : 'Each dot is one evaluation during training; a line connects the dots of a run in order.';
  return `<section id="reward-accuracy"><h2>Does more reward mean better answers?</h2>
<p>A reward is only a proxy. If accuracy on held-out photos stopped following it, the model would only be learning to please the reward.</p>
${armLegend(shown, arms)}${figure([chart], {
    caption: `${dots} Reward: mean of up to ${WINDOW} steps around the evaluation. Bars: 95 % intervals of the accuracy.`,
    table: htmlTable(['training', 'step', 'reward', '% within 25 km', 'photos'], rows),
  })}</section>`;
}

function pointsOf({ arm, run, steps, evaluations }: TrainingCurve): Point[] {
  return evaluations.flatMap(({ step, n, value, low, high }) => {
    const around = steps.filter(
      (one) => Math.abs(one.step + 0.5 - step) <= WINDOW / 2 || (step === 0 && one.step < WINDOW / 2),
    );
    // For an evaluation after the last step, all rewards in the window come from earlier steps.
    const rewards = around.flatMap(({ values }) => (values['reward'] === undefined ? [] : [values['reward']]));
    const reward = mean(rewards);
    return reward === undefined ? [] : [{ arm, run, step, n, reward, value, low, high }];
  });
}
