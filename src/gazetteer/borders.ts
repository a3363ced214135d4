/** Finds the country that contains a position, from the borders in the gazetteer file. */
import type { Coordinate } from '../core/coordinate.ts';
import { EARTH_RADIUS_KM } from '../core/distance.ts';
import type { Store } from './store.ts';

export type Borders = {
  /** Returns the index of the country that contains the position; undefined at sea. */
  countryAt(at: Coordinate): number | undefined;
  /** True if the position is inside the country, or outside it and at most `km` from its border. */
  isNear(at: Coordinate, options: { readonly country: number; readonly km: number }): boolean;
};

type Box = { west: number; south: number; east: number; north: number };

/** Prepares the lookup. Each ring's bounding box is computed once, because it excludes most positions quickly. */
export function createBorders({ sections }: Store): Borders {
  const { borderPoint: points, borderEnd, borderCountry } = sections;
  const rings = Array.from(borderEnd, (end, ring) => {
    const from = ring === 0 ? 0 : borderEnd[ring - 1]!;
    return { points, from, end, country: borderCountry[ring]!, ...boxOf(points, from, end) };
  });
  const countryAt = ({ latitudeDegrees, longitudeDegrees }: Coordinate): number | undefined => {
    const [x, y] = [longitudeDegrees * 1e5, latitudeDegrees * 1e5];
    // A position is inside a country if an odd number of the country's rings contain it. This rule excludes holes.
    const inside = new Set<number>();
    for (const ring of rings) {
      if (x < ring.west || x > ring.east || y < ring.south || y > ring.north || !isInRing(ring, { x, y })) continue;
      if (!inside.delete(ring.country)) inside.add(ring.country);
    }
    return inside.values().next().value;
  };
  return {
    countryAt,
    isNear: (at, { country, km }) =>
      countryAt(at) === country || rings.some((ring) => ring.country === country && isRingNear(ring, { at, km })),
  };
}

function boxOf(points: Int32Array, from: number, end: number): Box {
  const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (let i = from; i < end; i++) {
    const [x, y] = [points[2 * i]!, points[2 * i + 1]!];
    box.west = Math.min(box.west, x);
    box.east = Math.max(box.east, x);
    box.south = Math.min(box.south, y);
    box.north = Math.max(box.north, y);
  }
  return box;
}

/** The ring's points are points[from] to points[end - 1]. The last point repeats the first. */
type Ring = Box & { readonly points: Int32Array; readonly from: number; readonly end: number };

/** True if a ray to the east crosses the ring an odd number of times. */
function isInRing({ points, from, end }: Ring, { x, y }: { readonly x: number; readonly y: number }): boolean {
  let inside = false;
  for (let i = from; i < end - 1; i++) {
    const [x1, y1, x2, y2] = [points[2 * i]!, points[2 * i + 1]!, points[2 * i + 2]!, points[2 * i + 3]!];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}

/** Length in km of one unit of the points (1e-5 degrees) along a meridian. */
const KM_PER_UNIT = (EARTH_RADIUS_KM * Math.PI) / 180 / 1e5;
/** A full circle in units of 1e-5 degrees. */
const CIRCLE = 360e5;

/**
 * True if a segment of the ring is at most `km` away. Distances are measured on a plane that touches the globe at the
 * position, which is precise enough for tens of kilometres.
 */
function isRingNear(ring: Ring, { at, km }: { readonly at: Coordinate; readonly km: number }): boolean {
  const { points, from, end, west, south, east, north } = ring;
  const y = at.latitudeDegrees * 1e5;
  const reachY = km / KM_PER_UNIT;
  const shrink = Math.max(Math.cos((at.latitudeDegrees * Math.PI) / 180), 1e-6);
  const reachX = reachY / shrink;
  if (y < south - reachY || y > north + reachY) return false;
  // Near the antimeridian, longitudes of the ring and of the position may differ by a full circle.
  return [-CIRCLE, 0, CIRCLE].some((turn) => {
    const x = at.longitudeDegrees * 1e5 + turn;
    if (x < west - reachX || x > east + reachX) return false;
    for (let i = from; i < end - 1; i++) {
      const [x1, y1] = [(points[2 * i]! - x) * shrink, points[2 * i + 1]! - y];
      const [x2, y2] = [(points[2 * i + 2]! - x) * shrink, points[2 * i + 3]! - y];
      if (distanceToOrigin(x1, y1, x2, y2) <= reachY) return true;
    }
    return false;
  });
}

/** Returns the distance between the origin and the segment that connects (x1, y1) and (x2, y2). */
function distanceToOrigin(x1: number, y1: number, x2: number, y2: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = dx * dx + dy * dy;
  const share = squared === 0 ? 0 : Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / squared));
  return Math.hypot(x1 + share * dx, y1 + share * dy);
}
