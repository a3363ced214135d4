/**
 * Finds the place that a query names. The search for the city respects the predicted country. If the city is not there,
 * the result is the country (or the named region) with a `note`. The result is never a city of the same name elsewhere,
 * and never a default.
 */
import { defined } from '../core/defined.ts';
import type { Correction, Iso2, MatchedBy, Place } from '../core/place.ts';
import { type Candidate, candidatesNamed, type Scope } from './candidates.ts';
import { type CityText, parseCityText } from './city-text.ts';
import { type CountryReading, readCountry, regionByAbbreviation } from './country.ts';
import { regionMistyped } from './region-words.ts';
import { alsoWrittenUnder, formerlyRuled, sharedCountryNames } from './facts.ts';
import { fold } from './fold.ts';
import type { CountryRecord } from './format.ts';
import { isHedge } from './hedge.ts';
import { type CityReading, readCity, readMistypedCity, regionNamed } from './read-city.ts';
import { placeWithCode, splitPlace } from './split-place.ts';
import {
  countryNamed,
  countryOf,
  featureOf,
  isRegion,
  type NamedRow,
  nameOf,
  regionOf,
  rowsNamed,
  rowWithId,
  type Store,
} from './store.ts';
import { isDenial, isSight, isUnspecified } from './words.ts';

const MAX_REMEMBERED = 5000;
const MIN_POPULATION_OF_ALIAS = 50_000;
/** Minimum population of a city that can locate an unknown name before it. */
const MIN_POPULATION_OF_CONTEXT = 100_000;
const MIN_POPULATION_OF_NAMESAKE = 100_000;
/**
 * A place in a territory wins over a place of the same name in the country itself if its population is this many times
 * larger.
 */
const FAR_LARGER = 10;

/** The interpretation of a place before geocoding converts it into a result. The matcher compares such readings. */
export type Reading =
  | {
      readonly kind: 'rows';
      readonly candidates: readonly Candidate[];
      readonly name: string;
      readonly around?: number;
      readonly note?: string;
      /** The country that the text names. The place may be in another country today. */
      readonly countryCode?: Iso2;
      /** True if the search covered the whole world, because neither a country nor anything else limited it. */
      readonly isWorldwide?: boolean;
      readonly corrected?: Correction;
    }
  | {
      readonly kind: 'country';
      readonly country: CountryRecord;
      readonly matchedBy: MatchedBy;
      readonly note?: string;
      readonly corrected?: Correction;
    }
  | { readonly kind: 'notFound'; readonly reason: string };

/** Reads places with a cache, because models name the same few hundred places repeatedly. */
export type ReadPlace = (place: Place) => Reading;

export function createReadPlace(store: Store): ReadPlace {
  const known = new Map<string, Reading>();
  return (place) => {
    const key = JSON.stringify([place.country, place.countryCode, place.region, place.city, place.geonameId]);
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const reading = readPlace(store, place);
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(key, reading);
    return reading;
  };
}

function readPlace(store: Store, written: Place): Reading {
  const identified = rowWithId(store, written.geonameId);
  if (identified !== undefined) {
    const { country, countryCode } = written;
    const named = readCountry(store, country, countryCode);
    return {
      kind: 'rows',
      candidates: [{ row: identified, matchedBy: 'id', weight: 0 }],
      name: fold(nameOf(store, identified)),
      ...(named.kind === 'known' && { countryCode: named.country.code }),
    };
  }
  const place = inTerritory(store, inState(store, written));
  const country = readCountry(store, place.country, place.countryCode);
  const city = namedCity(store, place, country);
  switch (country.kind) {
    case 'known':
      return { ...readKnownCountry(store, { place, city, country }), ...defined({ corrected: country.corrected }) };
    case 'former':
      return readFormerCountry(store, { city, country });
    case 'unspecified':
      return readWithoutCountry(store, city, place.region ?? '');
    case 'unknown':
      return readTurned(store, place) ?? { kind: 'notFound', reason: country.reason };
  }
}

/** Reads the country "CA" of the city San Francisco as California, because Canada has no city of that name. */
function inState(store: Store, place: Place): Place {
  const { country, countryCode, region = '', city = '' } = place;
  if (!/^[A-Z]{2}$/.test(country) || countryCode !== undefined || region !== '' || city === '') return place;
  if (regionByAbbreviation(store, store.countryNumber.get('US')!, country) === undefined) return place;
  const read = placeWithCode(store, city, { code: country, isCountryFirst: true });
  return read.region === undefined ? place : read;
}

/** Replaces the country by the territory if the city is "San Juan, Puerto Rico" and the country is "United States". */
function inTerritory(store: Store, place: Place): Place {
  const { city = '', region = '' } = place;
  const comma = city.lastIndexOf(',');
  const between = comma === -1 ? region : city.slice(comma + 1);
  if (between === '') return place;
  const territory = countryNamed(store, fold(between));
  if (territory === undefined) return place;
  const country = readCountry(store, place.country, place.countryCode);
  if (country.kind !== 'known' || !belongsTo(territory.code, country.country.code)) return place;
  const finer = comma === -1 ? city : city.slice(0, comma);
  return { country: territory.name, countryCode: territory.code, ...(finer !== '' && { city: finer }) };
}

/** True if the territory belongs to the sovereign as a whole, or the sovereign claims all of it. */
const belongsTo = (territory: Iso2, sovereign: Iso2): boolean =>
  alsoWrittenUnder.some(({ country, lies, admin1 }) => country === sovereign && lies === territory && !admin1);

/**
 * Swaps country and city for inputs such as country "Helsinki", city "Finland", where only the city field names a
 * country.
 */
function readTurned(store: Store, { country, city = '' }: Place): Reading | undefined {
  const turned = countryNamed(store, fold(city));
  if (turned === undefined) return undefined;
  const reading = readPlace(store, { country: city, city: country });
  return reading.kind === 'rows' && reading.note === undefined ? reading : undefined;
}

type Known = CountryReading & { readonly kind: 'known' };
type InCountry = { readonly place: Place; readonly city: string; readonly country: Known };

function readKnownCountry(store: Store, { place, city, country }: InCountry): Reading {
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

/** Reads "Breslau, Germany": searches the city's former name in lands that the country once ruled. */
function readFormerlyRuled(store: Store, text: CityText, ruler: Iso2): CityReading | undefined {
  const scopes = (formerlyRuled[ruler] ?? []).map((code) => ({ country: store.countryNumber.get(code)! }));
  const isOldName = ({ row, matchedBy }: Candidate): boolean =>
    matchedBy === 'alias' && !isRegion(store, row) && store.sections.population[row]! >= MIN_POPULATION_OF_ALIAS;
  const candidates = scopes
    .flatMap((scope) => candidatesNamed(store, text.folded, scope, text.written))
    .filter(isOldName)
    .sort((a, b) => b.weight - a.weight || a.row - b.row);
  return candidates.length === 0 ? undefined : { candidates, name: text.folded };
}

/** Reads a city in a former country as the likeliest city of its name in the successor countries. */
function readFormerCountry(
  store: Store,
  { city, country }: { readonly city: string; readonly country: CountryReading & { readonly kind: 'former' } },
): Reading {
  const today = country.countries.map(({ name }) => name).join(', ');
  if (city === '') return { kind: 'notFound', reason: `“${country.name}” is several countries today: ${today}.` };
  const text = parseCityText(city);
  if (isHedge(store, text, {})) return { kind: 'notFound', reason: severalCities(city) };
  const found = country.countries
    .flatMap(({ code }) => readCity(store, text, { country: store.countryNumber.get(code)! }) ?? [])
    .sort((a, b) => b.candidates[0]!.weight - a.candidates[0]!.weight)[0];
  if (found !== undefined) return { kind: 'rows', ...found };
  return { kind: 'notFound', reason: `No place called “${city}” is known in ${today}.` };
}

const REGION_WORD = /\s+(?:region|province|state|district)$/i;

/**
 * Returns the city's text, or an empty text if it is uninformative. "Forest" and "Central" are uninformative unless a
 * place has exactly that name. "North Region" is uninformative unless a region is called North.
 */
function namedCity(store: Store, { city = '' }: Place, country: CountryReading): string {
  if (!isUnspecified(city)) return city;
  if (country.kind !== 'known' || isDenial(city)) return '';
  const scope = { country: store.countryNumber.get(country.country.code)! };
  const named = (name: string): Candidate[] => candidatesNamed(store, fold(name), scope, name);
  if (named(city).some(({ row, matchedBy }) => matchedBy === 'exact' || featureOf(store, row) === 'AREA')) return city;
  const region = city.trim().replace(REGION_WORD, '');
  return named(region).some(({ row, matchedBy }) => matchedBy === 'exact' && isRegion(store, row)) ? region : '';
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

type CountryScope = Scope & { readonly country: number };

/**
 * Searches the country, then the territories that are also written under it. If nothing is found, repeats the search in
 * all of them for mistyped names.
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
  // If the country's own place is only a part of a town, any larger town of the name wins ("Dakhla, Morocco").
  const least =
    featureOf(store, own) === 'PPLX'
      ? Math.max(MIN_POPULATION_OF_ALIAS, population[own]!)
      : Math.max(MIN_POPULATION_OF_NAMESAKE, FAR_LARGER * population[own]!);
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

/** Reads "Atlanta, Georgia" or "Kinshasa, Congo" in the other land of that name, if the usual one has no such city. */
function readNamesake(store: Store, text: CityText, country: string): CityReading | undefined {
  return firstOf(sharedCountryNames[fold(country)] ?? [], ({ lies, admin1 }) =>
    readCity(store, text, {
      country: store.countryNumber.get(lies)!,
      ...(admin1 !== undefined && inRegion(store, store.admin1[`${lies}.${admin1}`]!)),
    }),
  );
}

function landsUnder(store: Store, country: number): CountryScope[] {
  const { code } = store.countries[country]!;
  return alsoWrittenUnder.flatMap(({ country, lies, admin1 }) => {
    if (country !== code) return [];
    const within = admin1?.map((region) => store.admin1[`${lies}.${region}`]!);
    return [{ country: store.countryNumber.get(lies)!, ...(within !== undefined && { within: new Set(within) }) }];
  });
}

/** Returns the first result that is not undefined and does not compute the results after it. */
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

const severalCities = (city: string): string => `“${city}” names more than one city.`;

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

/** Reads a city or region without a country as the likeliest place of that name in the world. */
function readWithoutCountry(store: Store, city: string, region: string): Reading {
  const text = city === '' && !isUnspecified(region) ? region : city;
  if (text === '') return { kind: 'notFound', reason: 'The query names neither a country nor a city.' };
  const country = countryNamed(store, fold(text));
  const split = country === undefined ? splitPlace(store, text) : undefined;
  if (split !== undefined && split.country !== '' && !isKnownWhole(store, text, split.country)) {
    return readPlace(store, split);
  }
  const parts = text.split(',');
  const last = parts.length > 1 ? readCountry(store, parts.at(-1)!) : undefined;
  if (last?.kind === 'known' || last?.kind === 'former') {
    return readPlace(store, { country: parts.at(-1)!.trim(), city: parts.slice(0, -1).join(',') });
  }
  const cityText = parseCityText(text);
  if (isHedge(store, cityText, {})) return { kind: 'notFound', reason: severalCities(text) };
  const stray = last?.kind === 'unknown' ? strayPart(store, cityText) : undefined;
  if (stray !== undefined) return readCorrected(store, parts) ?? { kind: 'notFound', reason: unknownPart(stray) };
  const found = knownToPeople(store, readCity(store, cityText, {}));
  if (country !== undefined && !isCityState(store, found, country))
    return { kind: 'country', country, matchedBy: 'alias' };
  if (country === undefined && found === undefined) {
    return readCorrected(store, parts) ?? { kind: 'notFound', reason: `No place called “${text}” is known.` };
  }
  return found === undefined
    ? { kind: 'notFound', reason: `No place called “${text}” is known.` }
    : { kind: 'rows', ...found, isWorldwide: true };
}

/**
 * True if the text is one name ("Mexico City", "Singapore Zoo"). False if it must be split ("Northern Italy", "Porto
 * (PT)").
 */
function isKnownWhole(store: Store, text: string, country: string): boolean {
  if (/[,([]/.test(text)) return false;
  if (rowsNamed(store, fold(text)).length > 0) return true;
  const row = readCity(store, parseCityText(text), {})?.candidates[0]?.row;
  return row !== undefined && countryOf(store, row) === countryNamed(store, fold(country));
}

const unknownPart = (part: string): string => `“${part}” names no known country, region or city.`;

/**
 * Returns the last part of a text without a country if no known place has that name: "London, Genovia" is not London. A
 * sight does not count, because it may follow its city ("Paris, Eiffel Tower").
 */
function strayPart(store: Store, { parts }: CityText): string | undefined {
  const last = parts.at(-1);
  if (last === undefined || parts.length < 2 || isSight(last.folded)) return undefined;
  const isKnown = last.alternatives.some(({ forms }) => forms.some((form) => rowsNamed(store, form).length > 0));
  return isKnown ? undefined : last.written;
}

/** Reads "Cambridge, Massachussets", whose last part is a mistyped first-level region. */
function readCorrected(store: Store, parts: readonly string[]): Reading | undefined {
  const written = parts.at(-1)!.trim();
  const row = parts.length < 2 ? undefined : regionMistyped(store, fold(written));
  if (row === undefined) return undefined;
  const [country, region] = [countryOf(store, row), nameOf(store, row)];
  const place = { country: country.name, countryCode: country.code, region, city: parts.slice(0, -1).join(',') };
  const reading = readPlace(store, place);
  return reading.kind === 'notFound' ? undefined : { ...reading, corrected: { written, read: region } };
}

/**
 * Without a country, two kinds of small place do not count. One is a small place that matches only by an alternate name
 * ("Mont Blanc" is a mountain). The other is a place after a name that is unknown ("Nowhereville, Atlantis") or known
 * only elsewhere ("Alexandria, Nubia").
 */
function knownToPeople(store: Store, reading: CityReading | undefined): CityReading | undefined {
  const best = reading?.candidates[0];
  if (best === undefined || isRegion(store, best.row)) return reading;
  const population = store.sections.population[best.row]!;
  if (best.matchedBy === 'alias' && population < MIN_POPULATION_OF_ALIAS) return undefined;
  if (reading?.before !== undefined && population < MIN_POPULATION_OF_CONTEXT) return undefined;
  return reading;
}

/** True if the country is also a city (Singapore): the capital has more than half of its population. */
function isCityState(store: Store, city: CityReading | undefined, country: CountryRecord): boolean {
  const row = city?.candidates[0]!.row;
  return (
    row !== undefined &&
    featureOf(store, row) === 'PPLC' &&
    countryOf(store, row) === country &&
    store.sections.population[row]! > country.population / 2
  );
}
