/**
 * Finds the place that a query names. The search for the city respects the predicted country. If the city is not there,
 * the result is the country (or the named region) with a `note`. The result is never a city of the same name elsewhere,
 * and never a default.
 */
import { defined } from '../core/defined.ts';
import type { Place } from '../core/place.ts';
import { parseCityText } from './city-text.ts';
import { type CountryReading, readCountry } from './country.ts';
import { fold } from './fold.ts';
import { isHedge } from './hedge.ts';
import { inState, inTerritory, namedCity } from './place-fields.ts';
import { readCity } from './read-city.ts';
import { readKnownCountry, severalCities } from './read-in-country.ts';
import { readWithoutCountry } from './read-without-country.ts';
import type { Reading, ReadPlace } from './reading.ts';
import { countryNamed, nameOf, rowWithId, type Store } from './store.ts';

const MAX_REMEMBERED = 5000;

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
      return readWithoutCountry(
        { store, read: (again) => readPlace(store, again) },
        { city, region: place.region ?? '' },
      );
    case 'unknown':
      return readTurned(store, place) ?? { kind: 'notFound', reason: country.reason };
  }
}

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
