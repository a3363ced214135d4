/**
 * Splits free text into country, region and city: "Crissy Field East Beach, San Francisco, CA", "Porto (PT)", "Seoul,
 * Korea, Rep.", "Center of Ukraine". Does not look up the smaller places.
 */
import type { Place } from '../core/place.ts';
import { candidatesNamed, type Scope } from './candidates.ts';
import { isConstituent, readCountry, regionByAbbreviation } from './country.ts';
import { nameOfWords } from './country-words.ts';
import { codeKey, fold } from './fold.ts';
import { countryNamed, isRegion, placeOfRow, rowsNamed, type Store } from './store.ts';
import { formsOf, isUnspecified } from './words.ts';

/** Returns country, region and city as written; undefined for an uninformative text. */
export function splitPlace(store: Store, written: string): Place | undefined {
  if (namesCountryWhole(store, written)) return { country: written };
  const text = withComma(store, written);
  const coded = codeBehind(store, text);
  if (coded !== undefined) return coded;
  const { before, code } = codeInBrackets(store, text);
  const parts = before
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => !isUnspecified(part) || countryNamed(store, fold(part)) !== undefined);
  if (code !== undefined && parts.length > 0)
    return placeWithCode(store, parts.join(', '), { code, isCountryFirst: true });
  const last = parts.at(-1);
  if (last === undefined) return undefined;

  const lastTwo = parts.slice(-2).join(', ');
  if (parts.length > 2 && namesCountryWhole(store, lastTwo)) {
    return { country: lastTwo, city: parts.slice(0, -2).join(', ') };
  }
  const city = parts.slice(0, -1).join(', ');
  const state = usState(store, last, parts.length);
  if (state !== undefined) return placeWithCode(store, city, { code: last, isCountryFirst: false });
  const joined = parts.length === 1 ? countryBefore(store, last) : undefined;
  if (joined !== undefined) return joined;
  const country = countryOfText(store, last) ?? countryOfText(store, last.replaceAll(/\([^()]*\)/g, ' '));
  return country === undefined ? { country: '', city: parts.join(', ') } : { country, ...(city !== '' && { city }) };
}

const EAST_ASIAN_WORD = /^[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}ー]{4,20}$/u;

/**
 * Splits a country and a city that are written as one East Asian word: 日本京都. Returns undefined for the name of a place,
 * such as 日本橋.
 */
function countryBefore(store: Store, text: string): Place | undefined {
  if (!EAST_ASIAN_WORD.test(text) || countryNamed(store, fold(text)) !== undefined) return undefined;
  if (candidatesNamed(store, fold(text), {}, text).length > 0) return undefined;
  const characters = Array.from(text);
  for (let length = characters.length - 2; length >= 2; length--) {
    const country = characters.slice(0, length).join('');
    if (countryNamed(store, fold(country)) !== undefined) return { country, city: characters.slice(length).join('') };
  }
  return undefined;
}

/**
 * True for "Korea, Rep." and "Congo (Kinshasa)", which are one name. False for "Georgia, USA", which is a place in a
 * country.
 */
function namesCountryWhole(store: Store, text: string): boolean {
  if (!/[,(]/.test(text)) return false;
  const last = text.slice(text.lastIndexOf(',') + 1);
  if (text.includes(',') && countryNamed(store, fold(last)) !== undefined) return false;
  return countryNamed(store, fold(text)) !== undefined || nameOfWords(store, text) !== undefined;
}

const CODE_IN_BRACKETS = /^(.*\S)\s*[([]\s*([A-Z]{2,3})\s*[)\]]$/;

/** Splits "Porto (PT)" into the text before the brackets and the code of a country or US state. */
function codeInBrackets(store: Store, text: string): { readonly before: string; readonly code?: string } {
  const [, before, code] = CODE_IN_BRACKETS.exec(text) ?? [];
  if (before === undefined || code === undefined) return { before: text };
  const isKnown = countryNamed(store, codeKey(code)) !== undefined || usState(store, code, 2) !== undefined;
  return isKnown ? { before, code } : { before: text };
}

const CODE_BEHIND = /^(.*\p{Ll}.*)\s([A-Z]{2})$/u;

/**
 * Splits "Rome IT" and "San Diego CA". Without brackets or a comma, the code counts only if the country or US state has
 * a city of this name ("Perth WA" is not in Washington) and no place has the whole text as its name.
 */
function codeBehind(store: Store, text: string): Place | undefined {
  const [, before, code] = CODE_BEHIND.exec(text) ?? [];
  if (before === undefined || code === undefined || rowsNamed(store, fold(text)).length > 0) return undefined;
  if (countryNamed(store, codeKey(code)) === undefined && usState(store, code, 2) === undefined) return undefined;
  const place = placeWithCode(store, before, { code, isCountryFirst: true });
  const country = store.countryNumber.get(place.countryCode ?? 'US')!;
  const state = place.region === undefined ? undefined : regionByAbbreviation(store, country, code);
  const scope: Scope = { country, ...(state !== undefined && { within: new Set([state]) }) };
  const name = fold(before.slice(before.lastIndexOf(',') + 1));
  return candidatesNamed(store, name, scope, name).some(({ row }) => !isRegion(store, row)) ? place : undefined;
}

const DASH = /^([^,;]+?)\s+[-–—|/]\s+([^,;–—|/]+)$/u;

/** Replaces the dash or slash of "Lyon - France" and "Lyon / FR" by a comma. "Germany / France" is unchanged. */
function withComma(store: Store, text: string): string {
  const [, city, country] = DASH.exec(text) ?? [];
  if (city === undefined || country === undefined) return text;
  const isCountry = (name: string): boolean =>
    countryNamed(store, fold(name)) !== undefined || countryNamed(store, codeKey(name)) !== undefined;
  return isCountry(country) && !isCountry(city) ? `${city}, ${country}` : text;
}

type Code = { readonly code: string; readonly isCountryFirst: boolean };

/**
 * Returns the city in the state or country that a two-letter code means ("Portland, OR", "Berlin, DE"). If the code can
 * mean both, the one that has a city of this name is chosen. If both or neither have one, `isCountryFirst` decides.
 */
export function placeWithCode(store: Store, city: string, { code, isCountryFirst }: Code): Place {
  const us = store.countryNumber.get('US')!;
  const region = usState(store, code, 2);
  const country = countryNamed(store, codeKey(code));
  const inState: Place | undefined = region === undefined ? undefined : { country: 'United States', region, city };
  const inCountry: Place | undefined =
    country === undefined ? undefined : { country: country.name, countryCode: country.code, city };
  if (inState === undefined || inCountry === undefined) return (inState ?? inCountry)!;
  const name = fold(city.slice(city.lastIndexOf(',') + 1));
  const isIn = (scope: Scope): boolean =>
    candidatesNamed(store, name, scope, name).some(({ row }) => !isRegion(store, row));
  const state = regionByAbbreviation(store, us, code)!;
  const [here, there] = [
    isIn({ country: us, within: new Set([state]) }),
    isIn({ country: store.countryNumber.get(country!.code)! }),
  ];
  if (here === there) return isCountryFirst ? inCountry : inState;
  return here ? inState : inCountry;
}

/** Returns the US state that "CA" or "CA 94117" means after a comma. "CA" alone would be Canada. */
function usState(store: Store, text: string, parts: number): string | undefined {
  const number = store.countryNumber.get('US')!;
  const state = /^([A-Za-z]{2}|[A-Z]\.[A-Z]\.)(?:\s+\d{5}(?:-\d{4})?)?$/.exec(text)?.[1];
  const row = parts > 1 && state !== undefined ? regionByAbbreviation(store, number, state) : undefined;
  return row === undefined ? undefined : placeOfRow(store, row).region;
}

/**
 * Returns the country's text without qualifiers ("Ukraine" from "Center of Ukraine"); undefined if it names no country.
 */
function countryOfText(store: Store, text: string): string | undefined {
  const reading = readCountry(store, text);
  if (reading.kind === 'unknown' && reading.several === true) return text;
  // A region without its country ("Shanghai", "Texas") is excluded, because the caller reads it as a city or region.
  if (reading.kind === 'known' && (reading.region === undefined || isConstituent(text))) return text;
  // "Road in Belarus" and "Ski resort in Andorra" name a country although the place itself is unknown.
  const around = /\b(?:in|of|from) (.+)$/i.exec(text)?.[1];
  return [...formsOf(fold(text)), fold(around ?? '')].find((form) => countryNamed(store, form) !== undefined);
}
