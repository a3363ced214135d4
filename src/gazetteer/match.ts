/**
 * Decides whether two places name the same country and the same city. The rewards and the evaluation use it.
 *
 * A name means its likeliest place in the country. A reading that is nearly as likely (within a factor of ten in
 * population) also matches: "San Fernando" alone may be any large city of that name. Without a country, a name means
 * only its likeliest place in the world, so that omitting the country gains nothing. Countries are compared by ISO
 * 3166-1 code. A territory does not match its sovereign: Puerto Rico is not the United States. However, if both places
 * name the same city in the territory, such as San Juan, either country is right.
 */
import { defined } from '../core/defined.ts';
import type { Iso2, MatchedBy, Place, PlaceMatch } from '../core/place.ts';
import { type Candidate, isMistyped, rowsApartKm } from './candidates.ts';
import { fold } from './fold.ts';
import type { Reading, ReadPlace } from './reading.ts';
import { cityOf, countryOf, isRegion, nameOf, regionOf, type Store } from './store.ts';
import { formsOf, isUnspecified } from './words.ts';

/**
 * A reading still matches if its weight is at most this much below the best weight. One unit is a factor of ten in
 * population.
 */
const NEARLY_AS_LIKELY = 1;
/** Maximum distance between a part of a city and the city's centre. */
const PART_KM = 30;

type Match = Pick<PlaceMatch, 'matchedBy' | 'reason'>;

export function matchPlaces(
  { store, read }: { readonly store: Store; readonly read: ReadPlace },
  a: Place,
  b: Place,
): PlaceMatch {
  const readings = [read(a), read(b)] as const;
  const corrected = correctionsOf(readings);
  const city = sameCity(store, { a, b, readings });
  if (city !== undefined) return { country: true, city: true, ...city, ...defined({ corrected }) };

  const codes = [countryCode(store, readings[0]), countryCode(store, readings[1])] as const;
  const country = codes[0] !== undefined && codes[0] === codes[1];
  const names = [describe(a), describe(b)];
  return {
    country,
    city: false,
    matchedBy: country ? 'id' : 'none',
    reason: `${country ? `Both are in ${codes[0]}` : countryReason(names, codes)}; ${cityReason(store, { a, b, readings })}.`,
    ...defined({ corrected }),
  };
}

function correctionsOf(readings: readonly Reading[]): PlaceMatch['corrected'] {
  const corrected = readings.flatMap((reading) => (reading.kind === 'notFound' ? [] : (reading.corrected ?? [])));
  return corrected.length === 0 ? undefined : corrected;
}

type Pair = { readonly a: Place; readonly b: Place; readonly readings: readonly [Reading, Reading] };

/** Returns how the names matched and why the two places are one city. Undefined if they are not one city. */
function sameCity(store: Store, { a, b, readings }: Pair): Match | undefined {
  const [left, right] = readings;
  if (!namesCity(store, a, left) || !namesCity(store, b, right)) return sameByTerritory(store, { a, b, readings });
  if (left.kind === 'rows' && right.kind === 'rows' && !isStandIn(left) && !isStandIn(right)) {
    return sameRow(store, { a, b, left, right });
  }
  return sameUnknown(store, { a, b, readings });
}

/** Matches a city state (Singapore) or a region that is a city (Bangkok), even if one of the places names no city. */
function sameByTerritory(store: Store, { a, b, readings }: Pair): Match | undefined {
  const [left, right] = [a, b].map((place, i) => cityNamedBy(store, place, readings[i]!));
  if (left === undefined || left !== right) return undefined;
  return { matchedBy: 'alias', reason: `${describe(a)} and ${describe(b)} both name ${nameOf(store, left)}.` };
}

function cityNamedBy(store: Store, place: Place, reading: Reading): number | undefined {
  // A note means that the result is only the country or region of an unknown city.
  if (reading.kind === 'notFound' || reading.note !== undefined) return undefined;
  if (reading.kind === 'country') return store.cityStates.get(reading.country.code);
  const { row } = reading.candidates[0]!;
  const city = cityOf(store, row);
  return namesCity(store, place, reading) || city !== row ? city : undefined;
}

/** True if the reading is a region that replaces a city unknown to the gazetteer. */
function isStandIn(reading: Reading): boolean {
  return reading.kind === 'rows' && reading.note !== undefined;
}

/**
 * True if the text names a city. "Unknown" names no city. "Central" names a city only where a place has this name, as
 * in Hong Kong.
 */
function namesCity(store: Store, { city = '', geonameId }: Place, reading: Reading): boolean {
  if (geonameId !== undefined) return true;
  return (
    !isUnspecified(city) || (city !== '' && reading.kind === 'rows' && !isRegion(store, reading.candidates[0]!.row))
  );
}

type RowPair = Pick<Pair, 'a' | 'b'> & Record<'left' | 'right', Reading & { kind: 'rows' }>;

function sameRow(store: Store, { a, b, left, right }: RowPair): Match | undefined {
  const shared = sharedRow(meant(left), meant(right));
  if (shared === undefined)
    return partOfOther(store, { a, b, left, right }) ?? sameAround(store, { a, b, left, right });
  const matchedBy = howMatched({ a, b, methods: [left, right].map((list) => methodOf(list.candidates, shared)) });
  const geonameId = store.sections.geonameId[shared]!;
  const id = isRegion(store, shared) ? 'region' : geonameId === 0 ? 'GeoNames, no id' : `GeoNames ${geonameId}`;
  return {
    matchedBy,
    reason: `${quoted(a)} and ${quoted(b)} both name ${nameOf(store, shared)} in ${countryOf(store, shared).name} (${id}).`,
  };
}

const methodOf = (list: readonly Candidate[], shared: number): MatchedBy =>
  list.find(({ row }) => row === shared)!.matchedBy;

/**
 * Returns how the two cities matched: the weaker of the two methods, unless the ids or texts of the cities are equal.
 */
function howMatched({ a, b, methods }: Pick<Pair, 'a' | 'b'> & { readonly methods: readonly MatchedBy[] }): MatchedBy {
  if (methods.every((method) => method === 'id')) return 'id';
  if (a.city === b.city) return 'exact';
  if (fold(a.city ?? '') === fold(b.city ?? '')) return 'fold';
  return (['edit', 'alias'] as const).find((method) => methods.includes(method)) ?? 'fold';
}

/**
 * Matches a part with its city ("Brooklyn" with "New York"): the likeliest place of one name is a part of the city that
 * the other name means.
 */
function partOfOther(store: Store, { a, b, left, right }: RowPair): Match | undefined {
  for (const [part, whole, quotedPart] of [
    [left, right, quoted(a)],
    [right, left, quoted(b)],
  ] as const) {
    const city = cityOf(store, part.candidates[0]!.row);
    if (city !== whole.candidates[0]!.row) continue;
    return { matchedBy: 'alias', reason: `${quotedPart} is a part of ${nameOf(store, city)}.` };
  }
  return undefined;
}

/** Matches "Soweto, Johannesburg" with "Johannesburg", because the text also names the city around Soweto. */
function sameAround(store: Store, { a, b, left, right }: RowPair): Match | undefined {
  const around = [left, right].findIndex(
    (part, i) =>
      part.around !== undefined &&
      part.around === [right, left][i]!.candidates[0]!.row &&
      isPart(store, { part: part.candidates[0]!.row, whole: part.around }),
  );
  if (around === -1) return undefined;
  const [part, whole] = around === 0 ? [a, b] : [b, a];
  return { matchedBy: 'alias', reason: `${quoted(part)} names a place in ${whole.city}.` };
}

/**
 * True if the part is near the city's centre and not larger than the city. Neighbouring cities (Kyoto, Osaka) are too
 * far apart to match.
 */
function isPart(store: Store, { part, whole }: { readonly part: number; readonly whole: number }): boolean {
  const { population } = store.sections;
  return population[part]! <= population[whole]! && rowsApartKm(store, part, whole) <= PART_KM;
}

/**
 * Returns the places that a reading may mean. After a search of the whole world, this is only the first candidate;
 * otherwise it is all candidates.
 */
const meant = ({ candidates, isWorldwide }: Reading & { kind: 'rows' }): readonly Candidate[] =>
  isWorldwide === true ? candidates.slice(0, 1) : candidates;

/** Returns a row that is the likeliest in one list and nearly the likeliest in the other. */
function sharedRow(left: readonly Candidate[], right: readonly Candidate[]): number | undefined {
  const plausible = (list: readonly Candidate[]): readonly Candidate[] =>
    list.filter(({ weight }) => weight > list[0]!.weight - NEARLY_AS_LIKELY);
  const among = (row: number, list: readonly Candidate[]): boolean =>
    plausible(list).some((other) => other.row === row);
  if (among(left[0]!.row, right)) return left[0]!.row;
  return among(right[0]!.row, left) ? right[0]!.row : undefined;
}

/** Compares cities that are not in the gazetteer. It uses their spelling, within the same country and region. */
function sameUnknown(store: Store, { a, b, readings }: Pair): Match | undefined {
  const code = countryCode(store, readings[0]);
  // Places without a known country do not match, even if their texts are equal.
  if (code === undefined || code !== countryCode(store, readings[1])) return undefined;
  const regions = readings.map((reading) =>
    reading.kind === 'rows' && isStandIn(reading) ? reading.candidates[0]!.row : undefined,
  );
  if (regions[0] !== undefined && regions[1] !== undefined && regions[0] !== regions[1]) return undefined;
  const known = readings.some((reading) => reading.kind === 'rows' && !isStandIn(reading));
  const [left, right] = [fold(a.city ?? ''), fold(b.city ?? '')];
  const both = `${quoted(a)} and ${quoted(b)}`;
  if (left === right && left !== '') return { matchedBy: 'fold', reason: `${both} are the same name.` };
  if (known) return undefined;
  const forms = new Set(formsOf(left));
  if (formsOf(right).some((form) => forms.has(form))) {
    return { matchedBy: 'fold', reason: `${both} differ only by a qualifier.` };
  }
  return isMistyped(left, right) ? { matchedBy: 'edit', reason: `${both} differ by a typing error.` } : undefined;
}

/** Returns the code of the named country. If no country is named, returns the code of the city's country. */
function countryCode(store: Store, reading: Reading): Iso2 | undefined {
  if (reading.kind === 'notFound') return undefined;
  if (reading.kind === 'country') return reading.country.code;
  return reading.countryCode ?? countryOf(store, reading.candidates[0]!.row).code;
}

const quoted = ({ city, geonameId }: Place): string => (city ? `“${city}”` : `GeoNames ${geonameId}`);
const describe = ({ country, city }: Place): string => `“${country || city || ''}”`;

function countryReason(names: readonly string[], codes: readonly (string | undefined)[]): string {
  const unread = codes.findIndex((code) => code === undefined);
  if (unread !== -1) return `${names[unread]} names no known country`;
  return `${names[0]} is ${codes[0]} and ${names[1]} is ${codes[1]}`;
}

function cityReason(store: Store, { a, b, readings }: Pair): string {
  const silent = [a, b].findIndex((place, i) => !namesCity(store, place, readings[i]!));
  if (silent !== -1) return `the ${silent === 0 ? 'first' : 'second'} names no city`;
  const [left, right] = readings.map((reading, i) => {
    if (reading.kind !== 'rows' || isStandIn(reading)) return `${quoted([a, b][i]!)} (unknown there)`;
    const { row } = reading.candidates[0]!;
    const region = isRegion(store, row) ? undefined : regionOf(store, row, 1);
    return region === undefined ? nameOf(store, row) : `${nameOf(store, row)} (${nameOf(store, region)})`;
  });
  return `${left} is not ${right}`;
}
