/** Formats comparisons for the terminal and for Markdown. */
import type { Comparison, ThresholdComparison } from '../compare.ts';
import { whole } from './words.ts';

/** Column headings of the comparison table. `cellsOf` returns its rows. */
export const HEAD = ['within', 'difference, points', '95 % interval', 'only first', 'only second', 'p', 'p adjusted'];

export function comparisonMarkdown(comparison: Comparison): string {
  const rows = [HEAD, HEAD.map((_, index) => (index === 0 ? '---' : '---:')), ...comparison.thresholds.map(cellsOf)];
  return [
    `## ${titleOf(comparison)}`,
    rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    footOf(comparison),
  ].join('\n\n');
}

export function comparisonText(comparison: Comparison): string {
  const rows = [HEAD, ...comparison.thresholds.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('   '),
  );
  return [titleOf(comparison), ...lines.map((line) => `  ${line}`), footOf(comparison)].join('\n');
}

export function titleOf({ first, second, n }: Comparison): string {
  return `${second} minus ${first}, ${whole(n)} photos in both`;
}

export function cellsOf({
  thresholdKm,
  differencePoints,
  low,
  high,
  onlyFirst,
  onlySecond,
  p,
  pAdjusted,
}: ThresholdComparison): string[] {
  return [
    `${whole(thresholdKm)} km`,
    signed(differencePoints),
    `${signed(low)} to ${signed(high)}`,
    whole(onlyFirst),
    whole(onlySecond),
    pWords(p),
    pWords(pAdjusted),
  ];
}

/** Returns the text below the table: the GeoScore, the tests, and the number of photos that were not compared. */
export function footOf({ geoScore, resampled, onlyInFirst, onlyInSecond }: Comparison): string {
  const alone =
    onlyInFirst + onlyInSecond === 0
      ? ''
      : ` ${whole(onlyInFirst)} photos only in the first run and ${whole(onlyInSecond)} only in the second are not compared.`;
  return `GeoScore ${signed(geoScore.difference)} (${signed(geoScore.low)} to ${signed(geoScore.high)}). p: McNemar's exact test, two-sided; adjusted by Holm over the five thresholds. Intervals: paired bootstrap over ${resampled}.${resampled === 'owners' ? ' The test also flips whole owners.' : ''}${alone}`;
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  if (Number(text) === 0) return '0.00';
  return `${value < 0 ? '−' : '+'}${text}`;
}

function pWords(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}
