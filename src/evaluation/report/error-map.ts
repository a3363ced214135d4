/**
 * Where in the world predictions are right: each photo at its true position, coloured by its error, on Natural Earth's
 * land in the Equal Earth projection. Inline SVG: no tiles, no script, no network.
 */
import { createRequire } from 'node:module';
import { geoEqualEarth, geoGraticule10, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import { random, shuffled } from '../../core/random.ts';
import type { Coordinate } from '../../core/coordinate.ts';
import type { MeasuredOutcome } from '../outcome.ts';
import { bandOf } from './bands.ts';
import { escapeHtml } from '../../page/html-text.ts';

const WIDTH = 960;
const HEIGHT = 470;

/** More points than this cover each other and make the page slow; then a random sample is drawn, and the caption says so. */
export const MAX_POINTS = 4000;

export type Link = { readonly number: number; readonly from: Coordinate; readonly to: Coordinate };

/** The map; `links` are lines from a true position to the predicted one, with their numbers. */
export function errorMap(
  outcomes: readonly MeasuredOutcome[],
  links: readonly Link[] = [],
): { svg: string; shown: number } {
  const sphere = { type: 'Sphere' } as const;
  const projection = geoEqualEarth().fitExtent(
    [
      [1, 1],
      [WIDTH - 1, HEIGHT - 1],
    ],
    sphere,
  );
  const path = geoPath(projection).digits(1);
  const at = ({ latitudeDegrees, longitudeDegrees }: Coordinate): [number, number] =>
    projection([longitudeDegrees, latitudeDegrees])!;
  const shown = shuffled(outcomes, random(1)).slice(0, MAX_POINTS);
  const lines = links.map(({ from, to }) => {
    const line = {
      type: 'LineString' as const,
      coordinates: [from, to].map((point) => [point.longitudeDegrees, point.latitudeDegrees]),
    };
    return `<path class="link" d="${path(line)}"/>`;
  });
  const numbers = links.map(({ number, to }) => {
    const [x, y] = at(to);
    return `<g class="number"><circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="8"/><text x="${x.toFixed(1)}" y="${(y + 3.5).toFixed(1)}">${number}</text></g>`;
  });
  const svg = [
    `<svg class="map" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="World map of the photos, coloured by the error of their prediction">`,
    `<path class="sea" d="${path(sphere)}"/><path class="graticule" d="${path(geoGraticule10())}"/><path class="land" d="${path(land())}"/>`,
    // In random order, so that no kind of error lies on top of the others.
    `<g class="points">${shown.map((measured) => point(at(measured.truth.coordinate), measured)).join('')}</g>`,
    ...lines,
    ...numbers,
    '</svg>',
  ].join('');
  return { svg, shown: shown.length };
}

function point([x, y]: [number, number], measured: MeasuredOutcome): string {
  const { id, distanceKm, outcome } = measured;
  const text = outcome.kind === 'located' ? `${Math.round(distanceKm!).toLocaleString('en-US')} km` : outcome.reason;
  return `<circle class="band-${bandOf(measured).key}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="2.4"><title>${escapeHtml(`${id}: ${text.slice(0, 80)}`)}</title></circle>`;
}

function land(): Parameters<ReturnType<typeof geoPath>>[0] {
  const atlas = createRequire(import.meta.url)('world-atlas/land-110m.json') as Parameters<typeof feature>[0];
  return feature(atlas, atlas.objects.land!);
}
