/** A world map with points as inline SVG: Natural Earth's land in the Equal Earth projection. No tiles, no network. */
import { createRequire } from 'node:module';
import { geoEqualEarth, geoGraticule10, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { Coordinate } from '../core/coordinate.ts';

export type MapPoint = {
  /** What the point's number is, and the id of the element that it links to. */
  readonly label: string;
  readonly href: string;
  readonly title: string;
  readonly coordinate: Coordinate;
  /** Drawn as a ring that a line joins to the point. */
  readonly truth?: Coordinate;
};

const WIDTH = 960;
const HEIGHT = 468;

type Topology = Parameters<typeof feature>[0];

/** Escapes text for HTML and SVG. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]!);
}

export function worldMap(points: readonly MapPoint[]): string {
  const topology = createRequire(import.meta.url)('world-atlas/land-110m.json') as Topology;
  const land = feature(topology, topology.objects['land']!);
  const projection = geoEqualEarth().fitExtent(
    [
      [4, 4],
      [WIDTH - 4, HEIGHT - 4],
    ],
    { type: 'Sphere' },
  );
  const path = geoPath(projection).digits(1);
  const at = (c: Coordinate): [number, number] => projection([c.longitudeDegrees, c.latitudeDegrees]) ?? [0, 0];
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="World map of the photos">
<path class="sea" d="${path({ type: 'Sphere' })}"/>
<path class="graticule" d="${path(geoGraticule10())}"/>
<path class="land" d="${path(land)}"/>
${points.map((point) => mark(point, { at, arc: (line) => path(line) ?? '' })).join('\n')}
</svg>`;
}

type Arc = { type: 'LineString'; coordinates: [number, number][] };

function mark(
  { label, href, title, coordinate, truth }: MapPoint,
  { at, arc }: { at: (c: Coordinate) => [number, number]; arc: (line: Arc) => string },
): string {
  const [x, y] = at(coordinate);
  const lonLat = (c: Coordinate): [number, number] => [c.longitudeDegrees, c.latitudeDegrees];
  const toTruth =
    truth === undefined
      ? ''
      : `<path class="error" d="${arc({ type: 'LineString', coordinates: [lonLat(coordinate), lonLat(truth)] })}"/>` +
        `<circle class="truth" cx="${at(truth)[0].toFixed(1)}" cy="${at(truth)[1].toFixed(1)}" r="5"/>`;
  return `${toTruth}<a href="${escapeHtml(href)}"><circle class="answer" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4"><title>${escapeHtml(`${label}. ${title}`)}</title></circle></a>`;
}
