/**
 * Parses free text into a place: "Crissy Field East Beach, San Francisco, CA", "Tryfan, Wales", "Center of Ukraine".
 * Reads the country from the right, then the region, and takes the finest part known to the gazetteer as the city.
 * Landmarks, streets and mountains are not in the gazetteer; their surroundings are used if named.
 */
import type { Place } from '../core/place.ts';
import { isConstituent, readCountry, regionByAbbreviation } from './country.ts';
import type { ReadPlace } from './read-place.ts';
import { fold } from './fold.ts';
import { countryNamed, placeOfRow, placeOfCountry, type Store } from './store.ts';
import { formsOf, isUnspecified } from './words.ts';

/** The place with the gazetteer's names; only the country if the finer parts are unknown. */
export function parsePlace(
  { store, read }: { readonly store: Store; readonly read: ReadPlace },
  text: string,
): Place | undefined {
  const split = splitPlace(store, text);
  if (split === undefined) return undefined;
  const reading = read(split);
  if (reading.kind === 'notFound') return undefined;
  if (reading.kind === 'country') return placeOfCountry(reading.country);
  return placeOfRow(store, reading.candidates[0]!.row);
}

/** The text split into country, region and city, as written; undefined for an uninformative text. */
export function splitPlace(store: Store, text: string): Place | undefined {
  const parts = text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => !isUnspecified(part) || countryNamed(store, fold(part)) !== undefined);
  const last = parts.at(-1);
  if (last === undefined) return undefined;

  const city = parts.slice(0, -1).join(', ');
  const state = usState(store, last, parts.length);
  if (state !== undefined) return { country: 'United States', region: state, city };
  const country = countryOfText(store, last.replaceAll(/\([^()]*\)/g, ' '));
  return country === undefined ? { country: '', city: parts.join(', ') } : { country, ...(city !== '' && { city }) };
}

/** "CA" or "CA 94117" after a comma is a state; "CA" alone would be Canada. */
function usState(store: Store, text: string, parts: number): string | undefined {
  const number = store.countryNumber.get('US')!;
  const state = /^([A-Za-z]{2}|[A-Z]\.[A-Z]\.)(?:\s+\d{5}(?:-\d{4})?)?$/.exec(text)?.[1];
  const row = parts > 1 && state !== undefined ? regionByAbbreviation(store, number, state) : undefined;
  return row === undefined ? undefined : placeOfRow(store, row).region;
}

/** The country's text without its qualifiers ("Center of Ukraine"); undefined if it names no country. */
function countryOfText(store: Store, text: string): string | undefined {
  const reading = readCountry(store, text);
  if (reading.kind === 'unknown' && reading.several === true) return text;
  // A region without its country ("Shanghai", "Texas") is better read as a city or region below.
  if (reading.kind === 'known' && (reading.region === undefined || isConstituent(text))) return text;
  // "Road in Belarus", "Ski resort in Andorra": the thing is unknown, but its country is not.
  const around = /\b(?:in|of|from) (.+)$/i.exec(text)?.[1];
  return [...formsOf(fold(text)), fold(around ?? '')].find((form) => countryNamed(store, form) !== undefined);
}
