/**
 * Writes the section on things that reasoning texts name but photos do not show, for training with and without the
 * visual grounding reward.
 */
import * as Plot from '@observablehq/plot';
import { escapeHtml, htmlRow, htmlTable } from '../../page/html-text.ts';
import type { Estimate, Hallucination } from './content.ts';
import { armColour, drawPlot, figure, rowLabels } from '../../page/plot.ts';

const WIDEST_LABEL = 300;

export function hallucinationSection(hallucinations: readonly Hallucination[], arms: readonly string[]): string {
  if (hallucinations.length === 0) return '';
  const label = ({ arm, groundingReward }: Hallucination): string => `${arm}${GROUNDING[String(groundingReward)]}`;
  const rows = hallucinations.map((one) => ({ label: label(one), arm: one.arm, ...one.notShown }));
  const { marginLeft, rowPixels, mark } = rowLabels(
    rows.map((row) => row.label),
    { widest: WIDEST_LABEL },
  );
  const colour = ({ arm }: (typeof rows)[number]): string => armColour(arm, arms);
  const chart = drawPlot(
    `Named things that the photo does not show, per reasoning: ${rows.map((row) => `${row.label} ${row.value.toFixed(2)}`).join(', ')}.`,
    {
      width: 420 + marginLeft,
      height: 70 + (rowPixels + 4) * rows.length,
      marginLeft,
      marginBottom: 46,
      x: {
        label: 'named things not in the photo, per reasoning',
        labelAnchor: 'center',
        labelArrow: 'none',
        grid: true,
        zero: true,
        nice: true,
      },
      y: { type: 'band', domain: rows.map((row) => row.label) },
      marks: [
        mark,
        Plot.barX(rows, { y: 'label', x: 'value', fill: colour, fillOpacity: 0.75, insetTop: 3, insetBottom: 3 }),
        Plot.ruleY(rows, { y: 'label', x1: 'low', x2: 'high', stroke: 'var(--ink)', strokeWidth: 1.6 }),
      ],
    },
  );
  const table = htmlTable(
    ['method', 'named things per reasoning', 'not in the photo', 'photos'],
    hallucinations.map((one) =>
      htmlRow([escapeHtml(label(one)), perReasoning(one.named), perReasoning(one.notShown), String(one.n)]),
    ),
  );
  return `<section id="hallucinations"><h2>Things that are not in the photo</h2>
<p>A reason that nobody can see in the photo is worthless. The elements of every photo are known in the generated world; this section counts named things that are not among them. The grounding reward should reduce their number.</p>
${figure([chart], { caption: 'Mean per reasoning, with 95 % intervals.', table })}</section>`;
}

const perReasoning = ({ value, low, high }: Estimate): string =>
  `${value.toFixed(2)} <span class="unit">${low.toFixed(2)} to ${high.toFixed(2)}</span>`;

const GROUNDING: Readonly<Record<string, string>> = {
  true: ' (with grounding reward)',
  false: ' (without grounding reward)',
  null: '',
};
