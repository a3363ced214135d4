/**
 * Finds the place of a coordinate as people would name it: the country by its borders, and in it the city with the
 * least `effortOf`, which favours near and large cities. Boroughs and quarters count as the city around them.
 */
import KDBush from 'kdbush';
import type { Coordinate } from '../core/coordinate.ts';
import { distanceKm, EARTH_RADIUS_KM } from '../core/distance.ts';
import type { Place } from '../core/place.ts';
import { type CountryAt, createCountryAt } from './borders.ts';
import { alsoWrittenUnder } from './facts.ts';
import { reachKm } from './reach.ts';
import { cityOf, coordinateOf, featureOf, placeOfCountry, placeOfRow, regionOf, type Store } from './store.ts';

/** Radii tried in turn: all places within the first one that contains any compete. Most photos are near a place. */
const RADII_KM = [8, 30, 100] as const;
/** Cities of at least this population also compete from this distance. */
const LARGE_CITY = { population: 50_000, radiusKm: 40 } as const;
/** At sea, the country is that of the nearest place, if it is within this distance. */
const FARTHEST_COUNTRY_KM = 500;

/** Distances are divided by powers of a city's reach: one inside the city's extent, another for the rest of the way. */
const SIZE_EXPONENT = { inside: 0.6, outside: 0.2 } as const;
/** Radius of a city's extent, as a multiple of its reach. */
const EXTENT = 1.5;
/** Shorter distances count as this one, because a city's point is somewhere in its centre. */
const MIN_DISTANCE_KM = 0.2;
/** Replaces unknown and smaller populations. */
const MIN_POPULATION = 1000;

/** Past or abandoned places do not count as a photo's place. */
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
 * The city with its region and country; only the country if it has no place within 100 km; undefined at sea more than
 * 500 km from every place. The indexes (KDBush, 200,000 points) are built at the first call.
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

/** The country of the nearest place of any kind. */
function nearestCountry({ store, places }: Search, at: Coordinate): number | undefined {
  for (const radiusKm of [...RADII_KM, FARTHEST_COUNTRY_KM]) {
    const near = within(places, { store, at, radiusKm });
    if (near.length === 0) continue;
    return store.sections.country[near.reduce((a, b) => (b.km < a.km ? b : a)).row];
  }
  return undefined;
}

/** The city of the place with the least `effortOf` in the country. */
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

/** Regions that GeoNames lists under another country than the one that holds them (Crimea), by the holder's number. */
export function heldRegions({ countryNumber, admin1 }: Store): ReadonlyMap<number, ReadonlySet<number>> {
  const pairs = alsoWrittenUnder.flatMap(({ country, lies, admin1: codes = [] }) =>
    codes.map((code) => [countryNumber.get(country)!, admin1[`${lies}.${code}`]!] as const),
  );
  const byHolder = Map.groupBy(pairs, ([country]) => country);
  return new Map([...byHolder].map(([country, list]) => [country, new Set(list.map(([, region]) => region))]));
}

type Holding = { readonly country: number; readonly held: ReturnType<typeof heldRegions> };

/** Accepts places of the country and of the regions it holds; a place without an id counts only as a part of a city. */
export function candidateIn(store: Store, { country, held }: Holding): (near: { readonly row: number }) => boolean {
  const { geonameId, country: countries } = store.sections;
  const regions = held.get(country);
  return ({ row }) =>
    (countries[row] === country || regions?.has(regionOf(store, row, 1) ?? -1) === true) &&
    !NO_CITY.has(featureOf(store, row)) &&
    (geonameId[row] !== 0 || cityOf(store, row) !== row);
}

export type Near = { readonly row: number; readonly km: number };

/** The distance, reduced for large cities: thus the boundary between two cities is nearer to the smaller one. */
export function effortOf({ sections }: Store, { row, km }: Near): number {
  const reach = reachKm(Math.max(sections.population[row]!, MIN_POPULATION));
  const distance = Math.max(km, MIN_DISTANCE_KM);
  const inside = Math.min(distance, EXTENT * reach);
  return inside / reach ** SIZE_EXPONENT.inside + (distance - inside) / reach ** SIZE_EXPONENT.outside;
}

type Circle = { readonly store: Store; readonly at: Coordinate; readonly radiusKm: number };

/** Rows of an index within the radius: the box around the circle is searched, then the distance is checked. */
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
 * The box in degrees that holds every point within the radius; two boxes if the circle crosses the antimeridian. The
 * circle is widest where meridians touch it: sin(Δλ) = sin(r / R) / cos(φ). A circle around a pole has every longitude.
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
