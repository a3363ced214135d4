/** Reads a place without a country: the likeliest place of that name in the world, if people would know it. */
import type { Place } from '../core/place.ts';
import { type CityPart, type CityText, parseCityText } from './city-text.ts';
import { readCountry } from './country.ts';
import { fold } from './fold.ts';
import type { CountryRecord } from './format.ts';
import { isHedge } from './hedge.ts';
import { type CityReading, readCity } from './read-city.ts';
import { severalCities } from './read-in-country.ts';
import type { Reading } from './reading.ts';
import { regionMistyped } from './region-words.ts';
import { splitPlace } from './split-place.ts';
import { countryNamed, countryOf, featureOf, isRegion, type NamedRow, nameOf, rowsNamed, type Store } from './store.ts';
import { isSight, isUnspecified } from './words.ts';

/** Minimum population of a place that matches only by an alternate name. */
const MIN_POPULATION_OF_ALIAS = 50_000;
/**
 * Minimum population of a city that may give the location of the part before it. `ofName` applies if that part is an
 * unknown name, `ofSight` if it is a sight.
 */
const MIN_POPULATION_OF_CONTEXT = { ofName: 100_000, ofSight: 25_000 } as const;

/** `read` reads a place that has a country. It is passed in because a part of the text may itself name a country. */
type Recursive = { readonly store: Store; readonly read: (place: Place) => Reading };

/** Reads a city or region without a country as the likeliest place of that name in the world. */
export function readWithoutCountry(
  { store, read }: Recursive,
  { city, region }: { readonly city: string; readonly region: string },
): Reading {
  const text = city === '' && !isUnspecified(region) ? region : city;
  if (text === '') return { kind: 'notFound', reason: 'The query names neither a country nor a city.' };
  const country = countryNamed(store, fold(text));
  const split = country === undefined ? splitPlace(store, text) : undefined;
  if (split !== undefined && split.country !== '' && !isKnownWhole(store, text, split.country)) {
    return read(split);
  }
  const parts = text.split(',');
  const last = parts.length > 1 ? readCountry(store, parts.at(-1)!) : undefined;
  if (last?.kind === 'known' || last?.kind === 'former') {
    return read({ country: parts.at(-1)!.trim(), city: parts.slice(0, -1).join(',') });
  }
  const cityText = parseCityText(text);
  if (isHedge(store, cityText, {})) return { kind: 'notFound', reason: severalCities(text) };
  const stray = last?.kind === 'unknown' ? strayPart(store, cityText) : undefined;
  if (stray !== undefined)
    return readCorrected({ store, read }, parts) ?? { kind: 'notFound', reason: unknownPart(stray) };
  const found = knownToPeople(store, readCity(store, cityText, {}));
  if (country !== undefined && !isCityState(store, found, country))
    return { kind: 'country', country, matchedBy: 'alias' };
  if (country === undefined && found === undefined) {
    return readCorrected({ store, read }, parts) ?? { kind: 'notFound', reason: `No place called “${text}” is known.` };
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
 * For a text without a country, returns the last part if no known place has that name: "London, Genovia" is not London.
 * A sight does not count, because it may follow its city ("Paris, Eiffel Tower").
 */
function strayPart(store: Store, { parts }: CityText): string | undefined {
  const last = parts.at(-1);
  if (last === undefined || parts.length < 2 || isSight(last.folded)) return undefined;
  const isKnown = last.alternatives.some(({ forms }) => forms.some((form) => rowsNamed(store, form).length > 0));
  return isKnown ? undefined : last.written;
}

/** Reads "Cambridge, Massachussets", whose last part is a mistyped first-level region. */
function readCorrected({ store, read }: Recursive, parts: readonly string[]): Reading | undefined {
  const written = parts.at(-1)!.trim();
  const row = parts.length < 2 ? undefined : regionMistyped(store, fold(written));
  if (row === undefined) return undefined;
  const [country, region] = [countryOf(store, row), nameOf(store, row)];
  const place = { country: country.name, countryCode: country.code, region, city: parts.slice(0, -1).join(',') };
  const reading = read(place);
  return reading.kind === 'notFound' ? undefined : { ...reading, corrected: { written, read: region } };
}

/**
 * Without a country, two kinds of small place do not count. One is a small place that matches only by an alternate name
 * ("Mont Blanc" is a mountain). The other is a place after a name that is unknown ("Nowhereville, Atlantis") or known
 * only elsewhere ("Alexandria, Nubia"). A place of the second kind counts if a larger place follows it ("Thunderbolt,
 * Coney Island, Brooklyn").
 */
function knownToPeople(store: Store, reading: CityReading | undefined): CityReading | undefined {
  const best = reading?.candidates[0];
  if (best === undefined || isRegion(store, best.row)) return reading;
  const population = store.sections.population[best.row]!;
  if (best.matchedBy === 'alias' && population < MIN_POPULATION_OF_ALIAS) return undefined;
  const { before, around } = reading!;
  if (before === undefined || around !== undefined) return reading;
  const { ofName, ofSight } = MIN_POPULATION_OF_CONTEXT;
  if (population >= ofName) return reading;
  if (!before.every((part) => isVenue(store, part))) return undefined;
  // A small town after a sight also counts if no other place has its name: "Tomb of Berenguer IV, Castelló d'Empúries".
  return population >= ofSight || rowsNamed(store, reading!.name).length === 1 ? reading : undefined;
}

/** True for a sight, and for a name of several words ("All Bar One", "San Zaccaria") that no large place has. */
function isVenue(store: Store, { folded }: CityPart): boolean {
  const isTown = ({ row }: NamedRow): boolean => store.sections.population[row]! >= MIN_POPULATION_OF_CONTEXT.ofSight;
  return isSight(folded) || (folded.includes(' ') && !rowsNamed(store, folded).some(isTown));
}

/** True if the country is also a city (Singapore): the capital has more than half of the country's population. */
function isCityState(store: Store, city: CityReading | undefined, country: CountryRecord): boolean {
  const row = city?.candidates[0]!.row;
  return (
    row !== undefined &&
    featureOf(store, row) === 'PPLC' &&
    countryOf(store, row) === country &&
    store.sections.population[row]! > country.population / 2
  );
}
