/**
 * Reads a place in a known country. Searches for the city in the country, then in territories and regions that are also
 * written under it. If the city is in none of them, the result is the named region or the country, with a note that
 * explains why.
 */
import { defined } from '../core/defined.ts';
import type { Iso2, Place } from '../core/place.ts';
import { type Candidate, candidatesNamed, type Scope } from './candidates.ts';
import { type CityText, parseCityText } from './city-text.ts';
import type { CountryReading } from './country.ts';
import { formerlyRuled, sharedCountryNames } from './facts.ts';
import { fold } from './fold.ts';
import type { CountryRecord } from './format.ts';
import { isHedge } from './hedge.ts';
import { type CountryScope, landsUnder } from './lands.ts';
import { type CityReading, readCity, readMistypedCity, regionNamed } from './read-city.ts';
import type { Reading } from './reading.ts';
import {
  countryNamed,
  countryOf,
  featureOf,
  isRegion,
  type NamedRow,
  nameOf,
  regionOf,
  rowsNamed,
  type Store,
} from './store.ts';
import { isDenial } from './words.ts';

/** Minimum population of a city that may be found by its former name. */
const MIN_POPULATION_OF_OLD_NAME = 50_000;
/**
 * Minimum population of a place in a territory, if a place in the country itself has the same name. `ofTown` applies if
 * the country's own place is a town, `ofPart` if it is part of a town.
 */
const MIN_POPULATION_OF_NAMESAKE = { ofTown: 100_000, ofPart: 50_000 } as const;
/**
 * A place in a territory wins over a place of the same name in the country itself if its population is this many times
 * larger.
 */
const FAR_LARGER = 10;

type Known = CountryReading & { readonly kind: 'known' };
type InCountry = { readonly place: Place; readonly city: string; readonly country: Known };

export function readKnownCountry(store: Store, { place, city, country }: InCountry): Reading {
  const number = store.countryNumber.get(country.country.code)!;
  const scope: CountryScope = { country: number };
  const named = place.region === undefined ? undefined : regionNamed(store, place.region, scope);
  const region = named ?? country.region;
  const regional = region === undefined ? scope : { ...scope, ...inRegion(store, region) };
  const text = city === '' ? undefined : parseCityText(city);
  const hedge = text !== undefined && isHedge(store, text, regional);
  if (text !== undefined && !hedge) {
    const found = readInCountry(store, text, regional);
    if (found !== undefined) return cityReading(store, { found, text, countryCode: country.country.code });
    // Without `countryCode`, the result gets the city's present country instead of the country in the text.
    const other = readNamesake(store, text, place.country) ?? readFormerlyRuled(store, text, country.country.code);
    if (other !== undefined) return cityReading(store, { found: other, text });
  }
  // "Isle of Man, United Kingdom" means the territory itself.
  const land = landsUnder(store, number).find(({ country }) => namesCountry(store, city, store.countries[country]!));
  if (land !== undefined) return { kind: 'country', country: store.countries[land.country]!, matchedBy: 'alias' };
  const note =
    city === ''
      ? saysNothing(place)
      : namesCountry(store, city, country.country)
        ? undefined
        : hedge
          ? severalCities(city)
          : elsewhere(store, city, { country: country.country, region });
  if (regional.region !== undefined) {
    return { ...regionReading(store, regional.region, note), countryCode: country.country.code };
  }
  return { kind: 'country', country: country.country, matchedBy: country.matchedBy, ...(note && { note }) };
}

type Found = { readonly found: CityReading; readonly text: CityText; readonly countryCode?: Iso2 };

function cityReading(store: Store, { found, text, countryCode }: Found): Reading & { readonly kind: 'rows' } {
  const best = found.candidates[0]!;
  const corrected = best.matchedBy === 'edit' ? { written: text.written, read: nameOf(store, best.row) } : undefined;
  return { kind: 'rows', ...found, ...defined({ countryCode, corrected }) };
}

/** Reads "Breslau, Germany": searches for the city's former name in territories that the country once ruled. */
function readFormerlyRuled(store: Store, text: CityText, ruler: Iso2): CityReading | undefined {
  const scopes = (formerlyRuled[ruler] ?? []).map((code) => ({ country: store.countryNumber.get(code)! }));
  const isOldName = ({ row, matchedBy }: Candidate): boolean =>
    matchedBy === 'alias' && !isRegion(store, row) && store.sections.population[row]! >= MIN_POPULATION_OF_OLD_NAME;
  const candidates = scopes
    .flatMap((scope) => candidatesNamed(store, text.folded, scope, text.written))
    .filter(isOldName)
    .sort((a, b) => b.weight - a.weight || a.row - b.row);
  return candidates.length === 0 ? undefined : { candidates, name: text.folded };
}

function regionReading(store: Store, row: number, note: string | undefined): Reading & { readonly kind: 'rows' } {
  const candidates = [{ row, matchedBy: 'alias' as const, weight: 0 }];
  return { kind: 'rows', candidates, name: fold(nameOf(store, row)), ...(note && { note }) };
}

/**
 * A named first-level region must contain the city; otherwise the city counts as unknown. Bartlett in New Hampshire is
 * not the Bartlett in Tennessee. Two kinds of region only help to choose between cities: second-level regions, whose
 * names often have other meanings, and regions with the name of their country (México).
 */
function inRegion(store: Store, region: number): Scope {
  const strict =
    featureOf(store, region) === 'ADM1' && !namesCountry(store, nameOf(store, region), countryOf(store, region));
  return strict ? { region, within: new Set([region]) } : { region };
}

/**
 * Searches the country, then the territories and regions that are also written under it. If nothing is found, repeats
 * the search in all of them for mistyped names.
 */
function readInCountry(store: Store, text: CityText, scope: CountryScope): CityReading | undefined {
  const exact = readCity(store, text, scope);
  if (exact !== undefined)
    return (scope.region === undefined ? farLarger(store, text, { exact, scope }) : undefined) ?? exact;
  // "Norway, Norway" repeats the country. It is not a misspelt town.
  if (namesCountry(store, text.written, store.countries[scope.country]!)) return undefined;
  const scopes = [scope, ...landsUnder(store, scope.country)];
  const other = firstOf(scopes.slice(1), (land) => readCity(store, text, land));
  return other ?? firstOf(scopes, (land) => readMistypedCity(store, text, land));
}

/**
 * Reads "San Juan, United States" as Puerto Rico's capital, which is far larger than any San Juan in the country
 * itself.
 */
function farLarger(
  store: Store,
  { folded, written }: CityText,
  { exact, scope }: { readonly exact: CityReading; readonly scope: CountryScope },
): CityReading | undefined {
  const { population } = store.sections;
  const own = exact.candidates[0]!.row;
  // If the country's own place is only a part of a town, any larger town of the same name wins ("Dakhla, Morocco").
  const least =
    featureOf(store, own) === 'PPLX'
      ? Math.max(MIN_POPULATION_OF_NAMESAKE.ofPart, population[own]!)
      : Math.max(MIN_POPULATION_OF_NAMESAKE.ofTown, FAR_LARGER * population[own]!);
  // Claimed regions of other countries are excluded. With the country Russia, Donetsk means the town in Russia, not the
  // larger city in Ukraine.
  const lands = landsUnder(store, scope.country).filter(({ within }) => within === undefined);
  const isLarge = ({ row, alternate }: NamedRow): boolean =>
    !alternate &&
    !isRegion(store, row) &&
    population[row]! >= least &&
    lands.some(({ country }) => store.sections.country[row] === country);
  const row = rowsNamed(store, folded).find(isLarge)?.row;
  if (row === undefined) return undefined;
  const candidates = candidatesNamed(store, folded, { country: store.sections.country[row]! }, written);
  return { candidates, name: folded };
}

/**
 * Reads "Atlanta, Georgia" or "Kinshasa, Congo", whose country name is ambiguous. Searches the other country or state
 * of that name if the country that the name usually means has no such city.
 */
function readNamesake(store: Store, text: CityText, country: string): CityReading | undefined {
  return firstOf(sharedCountryNames[fold(country)] ?? [], ({ lies, admin1 }) =>
    readCity(store, text, {
      country: store.countryNumber.get(lies)!,
      ...(admin1 !== undefined && inRegion(store, store.admin1[`${lies}.${admin1}`]!)),
    }),
  );
}

/** Returns the first result that is not undefined. Later results are not computed. */
function firstOf<T, R>(items: readonly T[], read: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = read(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

/** Returns the note for a city field that names no place. An explicit denial ("unknown") needs no note. */
const saysNothing = ({ city = '' }: Place): string | undefined =>
  city.trim() === '' || isDenial(city) ? undefined : `“${city}” names no place by itself.`;

export const severalCities = (city: string): string => `“${city}” names more than one city.`;

const namesCountry = (store: Store, city: string, country: CountryRecord): boolean =>
  countryNamed(store, fold(city)) === country;

/** Explains why the result is coarser than a city: the city is unknown, or is in another region or country. */
function elsewhere(
  store: Store,
  city: string,
  { country, region }: { readonly country: CountryRecord; readonly region: number | undefined },
): string {
  const scope = region === undefined ? country.name : `${nameOf(store, region)}, ${country.name}`;
  const other = candidatesNamed(store, fold(city), {}, city)[0]?.row;
  if (other === undefined) return `No place called “${city}” is known in ${scope}.`;
  const inside = regionOf(store, other, 1);
  const there = [...(inside === undefined ? [] : [nameOf(store, inside)]), countryOf(store, other).name].join(', ');
  return `No place called “${city}” is known in ${scope} (a place of that name is in ${there}).`;
}
