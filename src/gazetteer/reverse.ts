/**
 * Finds the place of a coordinate as people would name it: the country by its borders, and in it the city with the
 * least `effortOf`. This measure favours near and large cities. Boroughs and districts count as the city around them.
 */
import KDBush from 'kdbush';
import type { Coordinate } from '../core/coordinate.ts';
import { distanceKm, EARTH_RADIUS_KM } from '../core/distance.ts';
import type { Place } from '../core/place.ts';
import { type CountryAt, createCountryAt } from './borders.ts';
import { alsoWrittenUnder } from './facts.ts';
import { reachKm } from './reach.ts';
import { cityOf, coordinateOf, featureOf, placeOfCountry, placeOfRow, regionOf, type Store } from './store.ts';

/**
 * Search radii, smallest first. The first radius with any place decides: all places within it compete. Most photos are
 * near a place.
 */
const RADII_KM = [8, 30, 100] as const;
/** Cities of at least this population also compete up to this distance. */
const LARGE_CITY = { population: 50_000, radiusKm: 40 } as const;
/** At sea, the country is that of the nearest place within this distance. */
const FARTHEST_COUNTRY_KM = 500;

/**
 * Distances are divided by a power of the city's radius (`reachKm`). One exponent applies inside the city's extent, the
 * other to the distance beyond it.
 */
const SIZE_EXPONENT = { inside: 0.6, outside: 0.2 } as const;
/** Radius of a city's extent, as a multiple of `reachKm`. */
const EXTENT = 1.5;
/** Shorter distances count as this distance, because a city's point may be anywhere in its centre. */
const MIN_DISTANCE_KM = 0.2;
/** Unknown and smaller populations count as this population. */
const MIN_POPULATION = 1000;

/** Codes of past or abandoned places, which are not the place of a photo. */
const NO_CITY = new Set(['PPLH', 'PPLQ', 'PPLW', 'PPLCH']);

export type Reverse = (coordinate: Coordinate) => Place | undefined;

type RowIndex = { readonly rows: readonly number[]; readonly index: KDBush };

type Search = {
  readonly store: Store;
  readonly countryAt: CountryAt;
  readonly held: ReturnType<typeof heldRegions>;
  readonly places: RowIndex;
  readonly large: RowIndex;
};

/**
 * Creates the lookup. It returns the city with its region and country. It returns only the country if that has no place
 * within 100 km, and undefined at sea more than 500 km from every place. The first call builds the indexes (KDBush,
 * 200,000 points).
 */
export function createReverse(store: Store): Reverse {
  let search: Search | undefined;
  return (at) => {
    search ??= createSearch(store);
    const country = search.countryAt(at) ?? nearestCountry(search, at);
    if (country === undefined) return undefined;
    const row = cityAt(search, at, country);
    return row === undefined ? placeOfCountry(store.countries[country]!) : placeOfRow(store, row);
  };
}

function createSearch(store: Store): Search {
  const rows = Array.from({ length: store.places }, (_, row) => row);
  const large = rows.filter((row) => store.sections.population[row]! >= LARGE_CITY.population);
  return {
    store,
    countryAt: createCountryAt(store),
    held: heldRegions(store),
    places: indexRows(store, rows),
    large: indexRows(store, large),
  };
}

function indexRows({ sections: { latitude, longitude } }: Store, rows: readonly number[]): RowIndex {
  const index = new KDBush(rows.length, 64, Float32Array);
  for (const row of rows) index.add(longitude[row]! / 1e5, latitude[row]! / 1e5);
  return { rows, index: index.finish() };
}

/** Returns the country of the nearest place of any kind. */
function nearestCountry({ store, places }: Search, at: Coordinate): number | undefined {
  for (const radiusKm of [...RADII_KM, FARTHEST_COUNTRY_KM]) {
    const near = within(places, { store, at, radiusKm });
    if (near.length === 0) continue;
    return store.sections.country[near.reduce((a, b) => (b.km < a.km ? b : a)).row];
  }
  return undefined;
}

/** Returns the city of the place with the least `effortOf` in the country. */
function cityAt({ store, places, large, held }: Search, at: Coordinate, country: number): number | undefined {
  const isCandidate = candidateIn(store, { country, held });
  const cities = within(large, { store, at, radiusKm: LARGE_CITY.radiusKm }).filter(isCandidate);
  for (const radiusKm of RADII_KM) {
    const near = [...within(places, { store, at, radiusKm }).filter(isCandidate), ...cities];
    if (near.length === 0) continue;
    return cityOf(store, near.reduce((a, b) => (effortOf(store, b) < effortOf(store, a) ? b : a)).row);
  }
  return undefined;
}

/**
 * Returns the regions that a country claims but that GeoNames lists under another country (Crimea), by the number of
 * the claiming country.
 */
export function heldRegions({ countryNumber, admin1 }: Store): ReadonlyMap<number, ReadonlySet<number>> {
  const pairs = alsoWrittenUnder.flatMap(({ country, lies, admin1: codes = [] }) =>
    codes.map((code) => [countryNumber.get(country)!, admin1[`${lies}.${code}`]!] as const),
  );
  const byHolder = Map.groupBy(pairs, ([country]) => country);
  return new Map([...byHolder].map(([country, list]) => [country, new Set(list.map(([, region]) => region))]));
}

type Holding = { readonly country: number; readonly held: ReturnType<typeof heldRegions> };

/**
 * Accepts places in the country and in the regions that it claims. A place without an id counts only as a part of a
 * city.
 */
export function candidateIn(store: Store, { country, held }: Holding): (near: { readonly row: number }) => boolean {
  const { geonameId, country: countries } = store.sections;
  const regions = held.get(country);
  return ({ row }) =>
    (countries[row] === country || regions?.has(regionOf(store, row, 1) ?? -1) === true) &&
    !NO_CITY.has(featureOf(store, row)) &&
    (geonameId[row] !== 0 || cityOf(store, row) !== row);
}

export type Near = { readonly row: number; readonly km: number };

/** Reduces the distance for large cities, so that the boundary between two cities is nearer to the smaller one. */
export function effortOf({ sections }: Store, { row, km }: Near): number {
  const reach = reachKm(Math.max(sections.population[row]!, MIN_POPULATION));
  const distance = Math.max(km, MIN_DISTANCE_KM);
  const inside = Math.min(distance, EXTENT * reach);
  return inside / reach ** SIZE_EXPONENT.inside + (distance - inside) / reach ** SIZE_EXPONENT.outside;
}

type Circle = { readonly store: Store; readonly at: Coordinate; readonly radiusKm: number };

/** Returns the rows of an index within the radius. It searches the box around the circle, then checks each distance. */
function within({ rows, index }: RowIndex, { store, at, radiusKm }: Circle): Near[] {
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
