/** Draws a world map with points as inline SVG, in the Equal Earth projection. The land is from Natural Earth. */
import { createRequire } from 'node:module';
import { geoEqualEarth, geoGraticule10, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { Coordinate } from '../core/coordinate.ts';
import { escapeHtml } from './html-text.ts';

export type MapPoint = {
  readonly coordinate: Coordinate;
  readonly title: string;
  /** CSS class that sets the colour. */
  readonly className: string;
  /** Address that a click on the point opens. */
  readonly href?: string;
};

/** A line between two positions. The end at `to` shows `number`, or a ring if `number` is absent. */
export type MapLink = { readonly from: Coordinate; readonly to: Coordinate; readonly number?: number };

export type MapOptions = {
  /** Text for screen readers. */
  readonly description: string;
  /** Points in drawing order. Later points cover earlier points, and links cover points. */
  readonly points: readonly MapPoint[];
  readonly links?: readonly MapLink[];
  /** Radius of a point. The width of the map is 960 of these units. */
  readonly radius: number;
};

const WIDTH = 960;
const HEIGHT = 470;
const SPHERE = { type: 'Sphere' } as const;

type Topology = Parameters<typeof feature>[0];

const lonLat = ({ longitudeDegrees, latitudeDegrees }: Coordinate): [number, number] => [
  longitudeDegrees,
  latitudeDegrees,
];

export function worldMap({ description, points, links = [], radius }: MapOptions): string {
  const topology = createRequire(import.meta.url)('world-atlas/land-110m.json') as Topology;
  // A margin of one unit keeps the outline inside the drawing.
  const projection = geoEqualEarth().fitExtent(
    [
      [1, 1],
      [WIDTH - 1, HEIGHT - 1],
    ],
    SPHERE,
  );
  const path = geoPath(projection).digits(1);
  const at = (coordinate: Coordinate): [number, number] => projection(lonLat(coordinate))!;
  const lines = links.map(
    ({ from, to }) => `<path class="link" d="${path({ type: 'LineString', coordinates: [from, to].map(lonLat) })}"/>`,
  );
  return `<svg class="map" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(description)}">
<path class="sea" d="${path(SPHERE)}"/><path class="graticule" d="${path(geoGraticule10())}"/><path class="land" d="${path(feature(topology, topology.objects['land']!))}"/>
<g class="points">${points.map((point) => pointMark(point, at(point.coordinate), radius)).join('')}</g>
${lines.join('')}${links.map((link) => linkEnd(link, at(link.to))).join('')}
</svg>`;
}

function pointMark({ title, className, href }: MapPoint, [x, y]: readonly [number, number], radius: number): string {
  const circle = `<circle class="${className}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}"><title>${escapeHtml(title)}</title></circle>`;
  return href === undefined ? circle : `<a href="${escapeHtml(href)}">${circle}</a>`;
}

function linkEnd({ number }: MapLink, [x, y]: readonly [number, number]): string {
  const center = `cx="${x.toFixed(1)}" cy="${y.toFixed(1)}"`;
  if (number === undefined) return `<circle class="ring" ${center} r="5"/>`;
  return `<g class="number"><circle ${center} r="8"/><text x="${x.toFixed(1)}" y="${(y + 3.5).toFixed(1)}">${number}</text></g>`;
}
