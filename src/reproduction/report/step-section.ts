/** Writes the section on the time of a training step by part: sampling, rewards, reference model, weight update. */
import * as Plot from '@observablehq/plot';
import { median } from '../../core/statistics/index.ts';
import { escapeHtml, htmlRow, htmlTable } from '../../page/html-text.ts';
import { drawPlot, figure, rowLabels } from '../../page/plot.ts';
import type { TrainingCurve } from './training-curve.ts';
import { milliseconds } from './words.ts';

const PARTS = [
  { key: 'sampleMs', label: 'sample answers', colour: 'var(--series-1)' },
  { key: 'rewardMs', label: 'compute rewards', colour: 'var(--series-2)' },
  { key: 'referenceMs', label: 'run the reference (KL)', colour: 'var(--series-4)' },
  { key: 'updateMs', label: 'update the weights', colour: 'var(--series-3)' },
] as const;

const WIDEST_LABEL = 230;

export function stepSection(training: readonly TrainingCurve[]): string {
  const arms = [...Map.groupBy(training, ({ arm }) => arm)].flatMap(([arm, curves]) => {
    const times = curves.flatMap((curve) => curve.times);
    if (times.length === 0) return [];
    return [{ arm, steps: times.length, parts: PARTS.map(({ key }) => median(times.map((time) => time[key] ?? 0))!) }];
  });
  if (arms.length === 0) return '';
  const rows = arms.flatMap(({ arm, parts }) =>
    PARTS.map(({ label, colour }, i) => ({ arm, label, colour, seconds: parts[i]! / 1000 })),
  );
  const { marginLeft, rowPixels, mark } = rowLabels(
    arms.map(({ arm }) => arm),
    { widest: WIDEST_LABEL },
  );
  const chart = drawPlot(
    `Median time of a training step by part. ${arms.map(({ arm, parts }) => `${arm}: ${PARTS.map(({ label }, i) => `${label} ${milliseconds(parts[i]!)}`).join(', ')}`).join('; ')}.`,
    {
      width: 460 + marginLeft,
      height: 74 + (rowPixels + 6) * arms.length,
      marginLeft,
      marginBottom: 46,
      x: { label: 'seconds per step', labelAnchor: 'center', labelArrow: 'none', grid: true },
      y: { type: 'band', domain: arms.map(({ arm }) => arm) },
      marks: [
        mark,
        Plot.barX(
          rows,
          Plot.stackX({
            y: 'arm',
            x: 'seconds',
            fill: 'colour',
            title: ({ label, seconds }: (typeof rows)[number]) => `${label}: ${milliseconds(1000 * seconds)}`,
            insetTop: 3,
            insetBottom: 3,
          }),
        ),
      ],
      color: { type: 'identity' },
    },
  );
  const used = PARTS.filter((_, i) => arms.some(({ parts }) => parts[i]! > 0));
  const legend = used.map(
    ({ label, colour }) => `<li><span class="key" style="background:${colour}"></span>${label}</li>`,
  );
  const table = htmlTable(
    ['training', ...PARTS.map(({ label }) => label), 'whole step', 'steps'],
    arms.map(({ arm, parts, steps }) =>
      htmlRow([
        escapeHtml(arm),
        ...parts.map((part) => milliseconds(part)),
        milliseconds(parts.reduce((sum, part) => sum + part, 0)),
        String(steps),
      ]),
    ),
  );
  return `<section id="step"><h2>Time of a training step</h2><ul class="legend">${legend.join('')}</ul>${figure([chart], { caption: 'Medians over all steps of a method, by part; pauses in training do not count.', table })}</section>`;
}
