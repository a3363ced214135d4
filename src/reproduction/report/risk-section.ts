/**
 * Writes the section with the risk-coverage curves. They show how much the error rate falls if the model declines the
 * photos that are judged least localizable.
 */
import * as Plot from '@observablehq/plot';
import { escapeHtml, htmlRow, htmlTable } from '../../page/html-text.ts';
import type { RiskCurve } from './content.ts';
import { armColour, armLegend, drawPlot, figure } from '../../page/plot.ts';
import { points as percent } from './words.ts';

/** Minimum coverage in the chart. Below it, a single photo changes the risk by many percentage points. */
const MIN_COVERAGE = 0.04;

const TABLE_COVERAGES = [0.25, 0.5, 0.75, 1];

export function riskSection(curves: readonly RiskCurve[], arms: readonly string[]): string {
  const [first] = curves;
  if (first === undefined) return '';
  const points = curves.flatMap(({ arm, points }) =>
    points
      .filter(({ coverage }) => coverage >= MIN_COVERAGE)
      .map(({ coverage, risk }) => ({ arm, coverage: 100 * coverage, risk: 100 * risk })),
  );
  type Point = (typeof points)[number];
  const colour = ({ arm }: Point): string => armColour(arm, arms);
  const chart = drawPlot(
    `Share of wrong answers when only the most localizable photos are answered. ${curves.map((curve) => words(curve)).join('; ')}.`,
    {
      width: 640,
      height: 330,
      marginLeft: 48,
      marginTop: 26,
      marginBottom: 46,
      x: {
        domain: [0, 100],
        label: '% of photos that are answered, most localizable first',
        labelAnchor: 'center',
        labelArrow: 'none',
      },
      y: {
        domain: [0, 100],
        grid: true,
        label: `% of these answers beyond ${first.thresholdKm} km`,
        labelArrow: 'none',
      },
      marks: [Plot.line(points, { x: 'coverage', y: 'risk', z: 'arm', stroke: colour, strokeWidth: 2.4 })],
    },
  );
  const rows = curves.map((curve) =>
    htmlRow([
      escapeHtml(curve.arm),
      ...TABLE_COVERAGES.map((coverage) => percent(riskAt(curve, coverage))),
      ...[curve.area, curve.areaOfChance, curve.areaOfOracle].map((area) => percent(area)),
      String(curve.n),
    ]),
  );
  const head = [
    '% wrong when answering',
    ...TABLE_COVERAGES.map((coverage) => `${100 * coverage} %`),
    'mean over<br>the curve',
    'by chance',
    'best order',
    'photos',
  ];
  return `<section id="risk-coverage"><h2>Answering only localizable photos</h2>
<p>Some photos show nothing that reveals their place. Each answer has a localizability score; skipping the least localizable photos should leave fewer wrong answers. If the curve falls to the left, the score recognises these photos; a random score gives a flat curve.</p>
${armLegend(
  curves.map(({ arm }) => arm),
  arms,
)}${figure([chart], {
    caption: `Share of wrong answers: farther than ${first.thresholdKm} km, or no position. Ordered by: ${first.confidence}.`,
    table: htmlTable(head, rows),
  })}</section>`;
}

/** Returns the risk at the curve's largest coverage that does not exceed `coverage`. */
function riskAt({ points }: RiskCurve, coverage: number): number {
  return (points.findLast((point) => point.coverage <= coverage + 1e-9) ?? points[0]!).risk;
}

const words = (curve: RiskCurve): string =>
  `${curve.arm}: ${percent(riskAt(curve, 1))} % wrong when all are answered, ${percent(riskAt(curve, 0.5))} % when half are`;
