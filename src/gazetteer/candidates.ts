/**
 * Ranks the places that share a name. A candidate's weight is the base-10 logarithm of its population plus bonuses and
 * penalties, so one unit of weight equals a factor of ten in population. Capitals, seats of government, and matches
 * with a place's own name get bonuses. Former places and parts of places get penalties.
 */
import { distance } from 'fastest-levenshtein';
import { distanceKm } from '../core/distance.ts';
import type { MatchedBy } from '../core/place.ts';
import { isSwapped } from './country-words.ts';
import { bitCount, isFuzzy, letterSet } from './fold.ts';
import { isQualifier } from './words.ts';
import {
  coordinateOf,
  featureOf,
  fuzzyRange,
  fuzzyTextOf,
  isRegion,
  type NamedRow,
  nameOf,
  regionOf,
  rowsNamed,
  type Store,
} from './store.ts';

export type Candidate = { readonly row: number; readonly matchedBy: MatchedBy; readonly weight: number };

/** Where to search: the whole world, or a country and optionally some of its regions. */
export type Scope = {
  /** Index of the country. */
  readonly country?: number;
  /** Restricts the search to places inside these first-level regions. */
  readonly within?: ReadonlySet<number>;
  /** The region that the text names. Places inside it are preferred. */
  readonly region?: number;
  /** True if the name follows a name of a smaller place, as "Washington" does in "Hood Canal, Washington". */
  readonly behind?: boolean;
};

/** Added to every population, so that the logarithm of an unknown population (0) is finite. */
const UNKNOWN_POPULATION = 100;
/**
 * Bonus for a match with a place's own name rather than an alternate name. In a search inside a country, the bonus is
 * only a factor of ten. "Rostov" therefore means Rostov-on-Don, which is far larger than the town of Rostov. The bonus
 * is larger in a search of the whole world, where places have many old and foreign names.
 */
const OWN_NAME = { inCountry: 1, inWorld: 1.7 } as const;
/**
 * If a city has the region's name as an alternate name, and more than this share of the region's population, the city
 * is preferred to the region.
 */
const SHARE_OF_REGION = 0.2;
/**
 * Bonus for a place inside the named region. It outweighs any population, so that such a place wins over all places of
 * its name elsewhere.
 */
const IN_NAMED_REGION = 20;

/** Weight added for some kinds of place (GeoNames feature codes) that population alone would rank wrongly. */
const KIND: Readonly<Record<string, number>> = {
  PPLC: 2.5,
  PPLA: 0.5,
  PPLA2: 0.1,
  PPLX: -1,
  PPLL: -0.5,
  PPLH: -3,
  PPLQ: -3,
  PPLW: -3,
  PPLCH: -1,
};
/**
 * Weight added for a region in the city field. `withCity` applies if a city of the same name is inside the region,
 * because the text then means the city. Otherwise `alone` applies.
 */
const REGION = {
  ADM1: { alone: -0.5, withCity: -3 },
  ADM2: { alone: -2.5, withCity: -4 },
  AREA: { alone: -0.5, withCity: -3 },
} as const;
/**
 * An area and a town of the same name count as one place if they are at most this far apart (Ibiza). A town farther
 * away only shares the area's name (Luzon).
 */
const TOWN_OF_AREA_KM = 40;
/** Weight added for a region whose name follows another name ("Hood Canal, Washington"). */
const REGION_BEHIND = 3;

/** Returns all places in scope that have the folded name, likeliest first. `written` is the text of the query. */
export function candidatesNamed(store: Store, folded: string, scope: Scope, written: string): Candidate[] {
  const named = rowsNamed(store, folded).filter(({ row }) => inScope(store, row, scope));
  const cities = named.filter(({ row }) => !isRegion(store, row));
  return named
    .map(({ row, alternate }) => ({
      row,
      matchedBy: alternate
        ? ('alias' as const)
        : nameOf(store, row) === written.trim()
          ? ('exact' as const)
          : ('fold' as const),
      weight: weigh(store, row, { alternate, cities, scope }),
    }))
    .sort((a, b) => b.weight - a.weight || a.row - b.row);
}

function inScope(store: Store, row: number, { country, within }: Scope): boolean {
  if (country !== undefined && store.sections.country[row] !== country) return false;
  if (within === undefined || within.has(regionOf(store, row, 1) ?? -1)) return true;
  return featureOf(store, row) === 'AREA' && reaches(store, row, within);
}

/**
 * An area such as Yellowstone counts as part of a region if a place of the region is within this distance of the area's
 * point.
 */
const REACH_OF_AREA_KM = 150;
const KM_OF_DEGREE = 111;

/** For each store, caches which areas extend into which regions, because each answer requires a scan of all places. */
const reachesOfStores = new WeakMap<object, Map<string, boolean>>();

/** True if a place in one of the regions is near the area's point. An area may extend into several regions. */
function reaches(store: Store, area: number, regions: ReadonlySet<number>): boolean {
  const known = reachesOfStores.get(store.countries) ?? new Map<string, boolean>();
  reachesOfStores.set(store.countries, known);
  return [...regions].some((region) => {
    const key = `${area} ${region}`;
    const remembered = known.get(key) ?? reachesInto(store, area, region);
    known.set(key, remembered);
    return remembered;
  });
}

function reachesInto(store: Store, area: number, region: number): boolean {
  const { admin1, admin2, latitude } = store.sections;
  const reach = (REACH_OF_AREA_KM / KM_OF_DEGREE) * 1e5;
  for (let row = 0; row < store.places; row++) {
    if (admin1[row] !== region + 1 && admin2[row] !== region + 1) continue;
    if (Math.abs(latitude[row]! - latitude[area]!) > reach) continue;
    if (rowsApartKm(store, row, area) <= REACH_OF_AREA_KM) return true;
  }
  return false;
}

type Weighing = { readonly alternate: boolean; readonly cities: readonly NamedRow[]; readonly scope: Scope };

function weigh(store: Store, row: number, { alternate, cities, scope }: Weighing): number {
  const size = Math.log10(store.sections.population[row]! + UNKNOWN_POPULATION);
  const nearness = scope.region !== undefined && liesIn(store, row, scope.region) ? IN_NAMED_REGION : 0;
  const kind = kindWeight(store, row, { alternate, cities, scope });
  // A capital gets its bonus only for a match with its own name. Otherwise Philadelphia, an old name of Amman, would
  // mean Amman.
  const own = scope.country === undefined ? OWN_NAME.inWorld : OWN_NAME.inCountry;
  return size + (alternate ? Math.min(kind, 0) : own + kind) + nearness;
}

function kindWeight(store: Store, row: number, { cities, scope }: Weighing): number {
  const feature = featureOf(store, row);
  if (!isRegionFeature(feature)) return KIND[feature] ?? 0;
  const { population } = store.sections;
  const lies = (city: number): boolean =>
    feature === 'AREA' ? rowsApartKm(store, city, row) <= TOWN_OF_AREA_KM : liesIn(store, city, row);
  const holdsCity = cities.some(
    ({ row: city, alternate }) => lies(city) && (!alternate || population[city]! > SHARE_OF_REGION * population[row]!),
  );
  if (holdsCity) return REGION[feature].withCity;
  return REGION[feature].alone + (scope.behind === true ? REGION_BEHIND : 0);
}

const isRegionFeature = (feature: string): feature is keyof typeof REGION => feature in REGION;

/** True if the row is the region, is inside it, or is an area that extends into it. */
export function liesIn(store: Store, row: number, region: number): boolean {
  if (featureOf(store, row) === 'AREA') return reaches(store, row, new Set([region]));
  return regionOf(store, row, 1) === region || regionOf(store, row, 2) === region;
}

/** Returns the distance in km between the places of two rows. */
export function rowsApartKm(store: Store, a: number, b: number): number {
  return distanceKm(coordinateOf(store, a), coordinateOf(store, b));
}

/** Number of edits to tolerate in a folded name: 0 below seven letters, 1 below twelve, otherwise 2. */
function editsForgiven(length: number): number {
  if (length < 7) return 0;
  return length < 12 ? 1 : 2;
}

/**
 * True if one folded name is probably a typing error for the other. Their first letters must be equal. A qualifier that
 * both names share is ignored, so that Xinyi District does not match Xizhi District.
 */
export function isMistyped(a: string, b: string): boolean {
  const bare = withoutSharedQualifiers(a, b);
  if (bare !== undefined) return isMistyped(...bare);
  const shorter = Math.min(a.length, b.length);
  const edits = editsForgiven(shorter);
  if (edits === 0 || Math.abs(a.length - b.length) > edits || a[0] !== b[0]) return false;
  return !isContinuation(a, b) && (isSwapped(a, b) || distance(a, b) <= edits);
}

/** Minimum length of a name of several words that still matches without its last letter ("Ho Chi Min"). */
const MIN_CHARACTERS_CUT = 10;

/**
 * True if one name begins with the whole other name, as Nigeria begins with Niger. Such names are different names, not
 * typing errors.
 */
function isContinuation(a: string, b: string): boolean {
  if (!a.startsWith(b) && !b.startsWith(a)) return false;
  const shorter = a.length < b.length ? a : b;
  return !(shorter.includes(' ') && shorter.length >= MIN_CHARACTERS_CUT && Math.abs(a.length - b.length) === 1);
}

/** Removes the qualifier with which both names start or end. Returns undefined if they share none. */
function withoutSharedQualifiers(a: string, b: string): [string, string] | undefined {
  const [last, first] = [a.slice(a.lastIndexOf(' ') + 1), a.slice(0, a.indexOf(' '))];
  if (isQualifier(last, 'suffix') && a.length > last.length && b.endsWith(` ${last}`)) {
    return [a.slice(0, -last.length - 1), b.slice(0, -last.length - 1)];
  }
  if (isQualifier(first, 'prefix') && b.startsWith(`${first} `))
    return [a.slice(first.length + 1), b.slice(first.length + 1)];
  return undefined;
}

/**
 * Minimum population of a city with a short name. A typing error in a short name often gives another place's name, so
 * only large cities qualify.
 */
const MIN_POPULATION_OF_SHORT = 500_000;
const MIN_CHARACTERS_OF_SHORT = 5;
const MIN_CHARACTERS_CHANGED = 6;

/**
 * True for a typing error in the short name of a large city: "Bogata" in Colombia means Bogotá. A large city is more
 * likely than an unknown village called Bogata.
 */
function isShortMistyped(
  store: Store,
  row: number,
  { folded, name }: { readonly folded: string; readonly name: string },
): boolean {
  const shorter = Math.min(folded.length, name.length);
  if (store.sections.population[row]! < MIN_POPULATION_OF_SHORT || shorter < MIN_CHARACTERS_OF_SHORT) return false;
  if (folded[0] !== name[0] || isContinuation(folded, name)) return false;
  if (isSwapped(folded, name)) return true;
  return distance(folded, name) === 1 && (folded.length !== name.length || shorter >= MIN_CHARACTERS_CHANGED);
}

/** Returns the places of a country whose names are within the tolerated number of edits, likeliest first. */
export function candidatesMistyped(
  store: Store,
  folded: string,
  scope: Scope & { readonly country: number },
): Candidate[] {
  if (!isFuzzy(folded)) return [];
  const edits = Math.max(1, editsForgiven(folded.length));
  const { fuzzyLetters, fuzzyRow } = store.sections;
  const letters = letterSet(folded);
  const [from, to] = [folded.length - edits, folded.length + edits];
  const [first, end] = fuzzyRange(store, { country: scope.country, folded, from, to });
  const found = new Map<number, number>();
  for (let entry = first; entry < end; entry++) {
    if (bitCount(fuzzyLetters[entry]! ^ letters) > 2 * edits) continue;
    const row = fuzzyRow[entry]!;
    const name = fuzzyTextOf(store, entry);
    if (!inScope(store, row, scope)) continue;
    if (!isMistyped(folded, name) && !isShortMistyped(store, row, { folded, name })) continue;
    found.set(row, Math.min(found.get(row) ?? Infinity, distance(folded, name)));
  }
  return [...found]
    .map(([row, edits]) => ({
      row,
      matchedBy: 'edit' as const,
      // Each edit costs as much as a factor of 100 in population, so the closest name wins unless its place is tiny.
      weight: weigh(store, row, { alternate: false, cities: [], scope }) - 2 * edits,
    }))
    .sort((a, b) => b.weight - a.weight || a.row - b.row);
}
