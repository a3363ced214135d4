/**
 * Reads single rows and names from the gazetteer's arrays. This file knows only the layout of the arrays; candidates.ts
 * ranks the rows that share a name.
 */
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import { type CountryRecord, ALTERNATE, type GazetteerData } from './format.ts';
import { metropolitanRegions } from './metropolis-facts.ts';
import { fuzzyKey, hashName } from './fold.ts';

/** A row that was found by its name or by an alternate name. */
export type NamedRow = { readonly row: number; readonly alternate: boolean };

export type Store = GazetteerData & {
  /** Index of each country by its ISO code. */
  readonly countryNumber: ReadonlyMap<string, number>;
  /** Row of the city that is a whole country (Singapore), by the country's ISO code. */
  readonly cityStates: ReadonlyMap<string, number>;
};

export function createStore(data: GazetteerData): Store {
  const countryNumber = new Map(data.countries.map(({ code }, number) => [code, number]));
  const cityStates = Object.entries(metropolitanRegions).flatMap(([id, [code]]) =>
    countryNumber.has(code!) ? [[code!, data.sections.geonameId.indexOf(Number(id))] as const] : [],
  );
  return { ...data, countryNumber, cityStates: new Map(cityStates) };
}

const decoder = new TextDecoder();

function text(bytes: Uint8Array, ends: Uint32Array, index: number): string {
  return decoder.decode(bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]));
}

export const nameOf = ({ sections }: Store, row: number): string => text(sections.name, sections.nameEnd, row);
export const fuzzyTextOf = ({ sections }: Store, entry: number): string =>
  text(sections.fuzzyText, sections.fuzzyEnd, entry);
export const featureOf = ({ sections, features }: Store, row: number): string => features[sections.feature[row]!]!;
export const countryOf = ({ sections, countries }: Store, row: number): CountryRecord =>
  countries[sections.country[row]!]!;
/** Returns the first- or second-level region that contains a row; undefined if GeoNames lists none. */
export function regionOf({ sections }: Store, row: number, level: 1 | 2): number | undefined {
  const next = (level === 1 ? sections.admin1 : sections.admin2)[row]!;
  return next === 0 ? undefined : next - 1;
}

/** Returns the city that a row is a part of (New York for Brooklyn), or the row itself if it is not a part. */
export function cityOf({ sections }: Store, row: number): number {
  return (sections.city[row]! || row + 1) - 1;
}

export const isRegion = ({ places }: Store, row: number): boolean => row >= places;

export function coordinateOf({ sections }: Store, row: number): Coordinate {
  return { latitudeDegrees: sections.latitude[row]! / 1e5, longitudeDegrees: sections.longitude[row]! / 1e5 };
}

/** Finds the row of a GeoNames id. Undefined if the id is absent or the file lacks it. The scan takes 0.1 ms. */
export function rowWithId({ sections }: Store, geonameId: number | undefined): number | undefined {
  if (geonameId === undefined || geonameId === 0) return undefined;
  const row = sections.geonameId.indexOf(geonameId);
  return row === -1 ? undefined : row;
}

/** Returns the row as a Place, with the gazetteer's own names. */
export function placeOfRow(store: Store, row: number): Place {
  const country = countryOf(store, row);
  const region = regionOf(store, row, 1);
  const base = { country: country.name, countryCode: country.code };
  if (isRegion(store, row)) return { ...base, region: regionLabel(store, row, region) };
  const geonameId = store.sections.geonameId[row]!;
  return {
    ...base,
    ...(region !== undefined && { region: nameOf(store, region) }),
    city: nameOf(store, row),
    ...(geonameId !== 0 && { geonameId }),
  };
}

/**
 * Names a second-level region together with its first-level region ("Orange County, California"), because its name
 * alone may be ambiguous.
 */
function regionLabel(store: Store, row: number, first: number | undefined): string {
  const name = nameOf(store, row);
  return first === undefined || first === row ? name : `${name}, ${nameOf(store, first)}`;
}

export function placeOfCountry(country: CountryRecord): Place {
  return { country: country.name, countryCode: country.code };
}

/** Returns every row with the folded name, in row order. */
export function rowsNamed({ sections: { indexHash, indexRow } }: Store, folded: string): NamedRow[] {
  const hash = hashName(folded);
  const rows: NamedRow[] = [];
  for (let i = firstAtLeast(indexHash, hash); i < indexHash.length && indexHash[i] === hash; i++) {
    rows.push({ row: (indexRow[i]! & ~ALTERNATE) >>> 0, alternate: indexRow[i]! >= ALTERNATE });
  }
  return rows;
}

/** Returns the country that has the folded name in any language. */
export function countryNamed({ sections, countries }: Store, folded: string): CountryRecord | undefined {
  const hash = hashName(folded);
  const i = firstAtLeast(sections.countryHash, hash);
  return sections.countryHash[i] === hash ? countries[sections.countryOf[i]!] : undefined;
}

/** Returns the index of the first element that is at least the value; `high` if there is none. */
function firstAtLeast(ascending: Float64Array | Uint16Array, value: number, low = 0, high = ascending.length): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Returns the half-open range of a country's fuzzy entries with the first letter of `folded` and a length in [from,
 * to].
 */
export function fuzzyRange(
  store: Store,
  {
    country,
    folded,
    from,
    to,
  }: { readonly country: number; readonly folded: string; readonly from: number; readonly to: number },
): [first: number, end: number] {
  const keys = store.sections.fuzzyKey;
  const start = store.countries[country]!.fuzzy;
  const end = store.countries[country + 1]?.fuzzy ?? keys.length;
  return [
    firstAtLeast(keys, fuzzyKey(folded, from), start, end),
    firstAtLeast(keys, fuzzyKey(folded, to) + 1, start, end),
  ];
}
