/**
 * Finds the place of a coordinate as people would name it: the country by its borders, and in it the city with the
 * least `effortOf`. This measure favours near and large cities. Boroughs and districts count as the city around them.
 */
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import { alsoWrittenUnder } from './facts.ts';
import { reachKm } from './reach.ts';
import { cityOf, featureOf, placeOfCountry, placeOfRow, regionOf, type Store } from './store.ts';
import { LARGE_CITY, type Near, type Surroundings, within } from './surroundings.ts';

/**
 * Search radii, smallest first. The place is searched for only within the smallest radius that contains any place. Most
 * photos are near a place, so the first radius usually suffices.
 */
const RADII_KM = [8, 30, 100] as const;
/** At sea, the result is the country of the nearest place within this distance. */
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

/** Codes of former or abandoned places, which reverse geocoding never returns. */
const NO_CITY = new Set(['PPLH', 'PPLQ', 'PPLW', 'PPLCH']);

export type Reverse = (coordinate: Coordinate) => Place | undefined;

/**
 * Creates the lookup. It returns the city with its region and country. If the country has no place within 100 km, it
 * returns only the country. At sea, more than 500 km from every place, it returns undefined. The first call builds the
 * indexes.
 */
export function createReverse(store: Store, surroundings: () => Surroundings): Reverse {
  const held = heldRegions(store);
  return (at) => {
    const search = { ...surroundings(), held };
    const country = search.borders.countryAt(at) ?? nearestCountry(search, at);
    if (country === undefined) return undefined;
    const row = cityAt(search, at, country);
    return row === undefined ? placeOfCountry(store.countries[country]!) : placeOfRow(store, row);
  };
}

/** Returns the country of the nearest place of any kind. */
function nearestCountry({ store, places }: Surroundings, at: Coordinate): number | undefined {
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
 * For each country, returns the regions that it claims but that GeoNames lists under another country (Crimea). Keys are
 * the indices of the claiming countries.
 */
export function heldRegions({ countryNumber, admin1 }: Store): ReadonlyMap<number, ReadonlySet<number>> {
  const pairs = alsoWrittenUnder.flatMap(({ country, lies, admin1: codes = [] }) =>
    codes.map((code) => [countryNumber.get(country)!, admin1[`${lies}.${code}`]!] as const),
  );
  const byHolder = Map.groupBy(pairs, ([country]) => country);
  return new Map([...byHolder].map(([country, list]) => [country, new Set(list.map(([, region]) => region))]));
}

type Search = Surroundings & { readonly held: ReturnType<typeof heldRegions> };

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

/** Reduces the distance for large cities, so that the boundary between two cities is nearer to the smaller one. */
export function effortOf({ sections }: Store, { row, km }: Near): number {
  const reach = reachKm(Math.max(sections.population[row]!, MIN_POPULATION));
  const distance = Math.max(km, MIN_DISTANCE_KM);
  const inside = Math.min(distance, EXTENT * reach);
  return inside / reach ** SIZE_EXPONENT.inside + (distance - inside) / reach ** SIZE_EXPONENT.outside;
}
