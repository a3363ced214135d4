/** Finds the country that contains a position, from the borders in the gazetteer file. */
import type { Coordinate } from '../core/coordinate.ts';
import type { Store } from './store.ts';

/** Returns the number of the country at a position; undefined at sea. */
export type CountryAt = (at: Coordinate) => number | undefined;

type Box = { west: number; south: number; east: number; north: number };

/** Prepares the lookup. Each ring's bounding box is computed once, because it excludes most positions quickly. */
export function createCountryAt({ sections }: Store): CountryAt {
  const { borderPoint, borderEnd, borderCountry } = sections;
  const boxes = Array.from(borderEnd, (end, ring) => boxOf(borderPoint, ring === 0 ? 0 : borderEnd[ring - 1]!, end));
  return ({ latitudeDegrees, longitudeDegrees }) => {
    const [x, y] = [longitudeDegrees * 1e5, latitudeDegrees * 1e5];
    // A position is inside a country if an odd number of the country's rings contain it. This rule excludes holes.
    const inside = new Set<number>();
    for (const [ring, { west, south, east, north }] of boxes.entries()) {
      if (x < west || x > east || y < south || y > north) continue;
      const from = ring === 0 ? 0 : borderEnd[ring - 1]!;
      if (!isInRing(borderPoint, { from, end: borderEnd[ring]!, x, y })) continue;
      const country = borderCountry[ring]!;
      if (!inside.delete(country)) inside.add(country);
    }
    return inside.values().next().value;
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

type Ring = { readonly from: number; readonly end: number; readonly x: number; readonly y: number };

/**
 * True if a ray to the east crosses the ring an odd number of times. The ring is closed: its last point equals its
 * first.
 */
function isInRing(points: Int32Array, { from, end, x, y }: Ring): boolean {
  let inside = false;
  for (let i = from; i < end - 1; i++) {
    const [x1, y1, x2, y2] = [points[2 * i]!, points[2 * i + 1]!, points[2 * i + 2]!, points[2 * i + 3]!];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}
