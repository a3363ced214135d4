/**
 * Indexes for finding what surrounds a position: the borders of countries, the populated places, and the large cities.
 */
import KDBush from 'kdbush';
import type { Coordinate } from '../core/coordinate.ts';
import { distanceKm, EARTH_RADIUS_KM } from '../core/distance.ts';
import { type Borders, createBorders } from './borders.ts';
import { coordinateOf, type Store } from './store.ts';

/** In reverse geocoding, cities of at least this population also compete, up to this distance. */
export const LARGE_CITY = { population: 50_000, radiusKm: 40 } as const;

type RowIndex = { readonly rows: readonly number[]; readonly index: KDBush };

export type Surroundings = {
  readonly store: Store;
  readonly borders: Borders;
  readonly places: RowIndex;
  readonly large: RowIndex;
};

/** Returns a function that builds the indexes (KDBush, 200,000 points) at its first call, and then returns them. */
export function lazySurroundings(store: Store): () => Surroundings {
  let built: Surroundings | undefined;
  return () => (built ??= createSurroundings(store));
}

function createSurroundings(store: Store): Surroundings {
  const rows = Array.from({ length: store.places }, (_, row) => row);
  const large = rows.filter((row) => store.sections.population[row]! >= LARGE_CITY.population);
  return { store, borders: createBorders(store), places: indexRows(store, rows), large: indexRows(store, large) };
}

function indexRows({ sections: { latitude, longitude } }: Store, rows: readonly number[]): RowIndex {
  const index = new KDBush(rows.length, 64, Float32Array);
  for (const row of rows) index.add(longitude[row]! / 1e5, latitude[row]! / 1e5);
  return { rows, index: index.finish() };
}

export type Near = { readonly row: number; readonly km: number };

type Circle = { readonly store: Store; readonly at: Coordinate; readonly radiusKm: number };

/** Returns the rows of an index within the radius. It searches the box around the circle, then checks each distance. */
export function within({ rows, index }: RowIndex, { store, at, radiusKm }: Circle): Near[] {
  return boxesAround(at, radiusKm)
    .flatMap(([west, south, east, north]) => index.range(west, south, east, north))
    .map((entry) => ({ row: rows[entry]!, km: distanceKm(at, coordinateOf(store, rows[entry]!)) }))
    .filter(({ km }) => km <= radiusKm);
}

type Box = readonly [west: number, south: number, east: number, north: number];

/** Margin added to each side of a box, because the index rounds positions to 32 bits. */
const ROUNDING_DEGREES = 1e-4;

/**
 * Returns the box in degrees that contains every point within the radius; two boxes if the circle crosses the
 * antimeridian. The circle is widest where meridians are tangent to it: sin(Δλ) = sin(r / R) / cos(φ). A circle around
 * a pole covers every longitude.
 */
function boxesAround({ latitudeDegrees, longitudeDegrees }: Coordinate, radiusKm: number): Box[] {
  const angle = radiusKm / EARTH_RADIUS_KM;
  const degrees = (radians: number): number => (radians * 180) / Math.PI + ROUNDING_DEGREES;
  const south = latitudeDegrees - degrees(angle);
  const north = latitudeDegrees + degrees(angle);
  if (south <= -90 || north >= 90) return [[-180, south, 180, north]];
  const half = degrees(Math.asin(Math.sin(angle) / Math.cos((latitudeDegrees * Math.PI) / 180)));
  const [west, east] = [longitudeDegrees - half, longitudeDegrees + half];
  const boxes: Box[] = [[west, south, east, north]];
  if (west < -180) boxes.push([west + 360, south, 180, north]);
  if (east > 180) boxes.push([-180, south, east - 360, north]);
  return boxes;
}
