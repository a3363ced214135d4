/**
 * Corrects the fields of a place before it is read: a state in the country field, a city in a territory, or an
 * uninformative city.
 */
import type { Place } from '../core/place.ts';
import { type Candidate, candidatesNamed } from './candidates.ts';
import { type CountryReading, readCountry, regionByAbbreviation } from './country.ts';
import { fold } from './fold.ts';
import { belongsTo } from './lands.ts';
import { placeWithCode } from './split-place.ts';
import { countryNamed, featureOf, isRegion, type Store } from './store.ts';
import { isDenial, isUnspecified } from './words.ts';

/** Reads the country "CA" of the city San Francisco as California, because Canada has no city of that name. */
export function inState(store: Store, place: Place): Place {
  const { country, countryCode, region = '', city = '' } = place;
  if (!/^[A-Z]{2}$/.test(country) || countryCode !== undefined || region !== '' || city === '') return place;
  if (regionByAbbreviation(store, store.countryNumber.get('US')!, country) === undefined) return place;
  const read = placeWithCode(store, city, { code: country, isCountryFirst: true });
  return read.region === undefined ? place : read;
}

/** Replaces the country by the territory if the city is "San Juan, Puerto Rico" and the country is "United States". */
export function inTerritory(store: Store, place: Place): Place {
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

const REGION_WORD = /\s+(?:region|province|state|district)$/i;

/**
 * Returns the city's text, or an empty text if it is uninformative. "Forest" and "Central" are uninformative unless a
 * place has exactly that name. "North Region" is uninformative unless a region is called North.
 */
export function namedCity(store: Store, { city = '' }: Place, country: CountryReading): string {
  if (!isUnspecified(city)) return city;
  if (country.kind !== 'known' || isDenial(city)) return '';
  const scope = { country: store.countryNumber.get(country.country.code)! };
  const named = (name: string): Candidate[] => candidatesNamed(store, fold(name), scope, name);
  if (named(city).some(({ row, matchedBy }) => matchedBy === 'exact' || featureOf(store, row) === 'AREA')) return city;
  const region = city.trim().replace(REGION_WORD, '');
  return named(region).some(({ row, matchedBy }) => matchedBy === 'exact' && isRegion(store, row)) ? region : '';
}
