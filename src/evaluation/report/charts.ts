/** The two charts of the report page, as inline SVG: share of photos by distance, and accuracy by confidence. */
import type { Calibration } from '../calibration.ts';
import { THRESHOLDS_KM } from '../thresholds.ts';
import { escapeHtml } from '../../page/html-text.ts';

export type Curve = {
  readonly name: string;
  /** Distances of the predictions that have a position, in km, ascending. */
  readonly distancesKm: Float64Array;
  /** Number of predictions, including those without a position. */
  readonly n: number;
};

/** Published accuracies, drawn as points because the paper has only five thresholds. */
export type Markers = { readonly name: string; readonly percents: readonly number[] };

const BOX = { width: 620, height: 360, left: 46, right: 16, top: 14, bottom: 44 };
const FARTHEST_KM = 20_000;
const STEPS = 160;

/** Draws the share of photos placed within each distance, from 1 to 20,000 km on a logarithmic axis. */
export function thresholdCurves(curves: readonly Curve[], markers: readonly Markers[]): string {
  const x = (km: number): number =>
    BOX.left + (Math.log(km) / Math.log(FARTHEST_KM)) * (BOX.width - BOX.left - BOX.right);
  const drawn = curves.map(({ distancesKm, n }, index) => {
    const points = Array.from({ length: STEPS + 1 }, (_, step) => {
      const km = FARTHEST_KM ** (step / STEPS);
      return `${x(km).toFixed(1)},${y((100 * countUpTo(distancesKm, km)) / n).toFixed(1)}`;
    });
    return `<polyline class="curve series-${index}" points="${points.join(' ')}"/>`;
  });
  const dots = markers.map(({ name, percents }, index) =>
    THRESHOLDS_KM.map((km, i) =>
      mark(index, { x: x(km), y: y(percents[i]!), title: `${name}: ${percents[i]} % within ${km} km` }),
    ).join(''),
  );
  const ticks = THRESHOLDS_KM.map(
    (km) =>
      `<line class="grid" x1="${x(km)}" x2="${x(km)}" y1="${BOX.top}" y2="${BOX.height - BOX.bottom}"/>${label({ x: x(km), y: BOX.height - BOX.bottom + 18, text: km.toLocaleString('en-US') })}`,
  );
  return chart('Share of photos placed within a distance', [
    ...percentGrid(),
    ...ticks,
    label({ x: (BOX.left + BOX.width) / 2, y: BOX.height - 6, text: 'distance, km' }),
    ...drawn,
    ...dots,
  ]);
}

/** Draws the accuracy of each bin against its mean confidence. On the diagonal, the two are equal. */
export function reliabilityChart({ bins, thresholdKm }: Calibration): string {
  const x = (share: number): number => BOX.left + share * (BOX.width - BOX.left - BOX.right);
  const maxCount = Math.max(...bins.map(({ n }) => n));
  const dots = bins.map(
    ({ confidence, accuracy, n }) =>
      `<circle class="dot" cx="${x(confidence).toFixed(1)}" cy="${y(100 * accuracy).toFixed(1)}" r="${(3 + 7 * Math.sqrt(n / maxCount)).toFixed(1)}"><title>${n} photos: confidence ${(100 * confidence).toFixed(0)} %, right ${(100 * accuracy).toFixed(0)} %</title></circle>`,
  );
  return chart(`Confidence against the share within ${thresholdKm} km`, [
    ...percentGrid(),
    ...[0, 0.25, 0.5, 0.75, 1].map((share) =>
      label({ x: x(share), y: BOX.height - BOX.bottom + 18, text: `${100 * share} %` }),
    ),
    label({ x: (BOX.left + BOX.width) / 2, y: BOX.height - 6, text: 'stated confidence' }),
    `<line class="diagonal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(100)}"/>`,
    ...dots,
  ]);
}

export function legend(
  curves: readonly { readonly name: string }[],
  markers: readonly { readonly name: string }[],
): string {
  const swatch = (body: string, name: string): string =>
    `<li><svg class="swatch" viewBox="0 0 24 12" aria-hidden="true">${body}</svg>${escapeHtml(name)}</li>`;
  return `<ul class="legend">${[
    ...curves.map(({ name }, index) => swatch(`<polyline class="curve series-${index}" points="1,6 23,6"/>`, name)),
    ...markers.map(({ name }, index) => swatch(mark(index, { x: 12, y: 6, title: name }), `${name} (published)`)),
  ].join('')}</ul>`;
}

/**
 * Draws the mark of a published method. Marks differ in shape, because colours already distinguish the measured runs.
 */
function mark(index: number, { x, y, title }: { x: number; y: number; title: string }): string {
  const text = `<title>${escapeHtml(title)}</title>`;
  const r = 4.5;
  const shapes = [
    `<circle class="mark" cx="${x}" cy="${y}" r="${r}">${text}</circle>`,
    `<rect class="mark" x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}">${text}</rect>`,
    `<path class="mark" d="M${x},${y - r - 1}L${x + r + 1},${y + r}L${x - r - 1},${y + r}Z">${text}</path>`,
  ];
  return shapes[index % shapes.length]!;
}

function percentGrid(): string[] {
  return [0, 25, 50, 75, 100].map(
    (percent) =>
      `<line class="grid" x1="${BOX.left}" x2="${BOX.width - BOX.right}" y1="${y(percent)}" y2="${y(percent)}"/>${label({ x: BOX.left - 8, y: y(percent) + 4, text: `${percent} %`, anchor: 'end' })}`,
  );
}

function y(percent: number): number {
  return BOX.height - BOX.bottom - (percent / 100) * (BOX.height - BOX.top - BOX.bottom);
}

function label({ x, y, text, anchor = 'middle' }: { x: number; y: number; text: string; anchor?: string }): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${text}</text>`;
}

function chart(title: string, parts: readonly string[]): string {
  return `<svg class="chart" viewBox="0 0 ${BOX.width} ${BOX.height}" role="img" aria-label="${escapeHtml(title)}">${parts.join('')}</svg>`;
}

function countUpTo(ascending: Float64Array, limit: number): number {
  const index = ascending.findIndex((value) => value > limit);
  return index === -1 ? ascending.length : index;
}
