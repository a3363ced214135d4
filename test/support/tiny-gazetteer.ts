/** A gazetteer with a few cities, so that a reader can check the numbers in the tests of the evaluation by hand. */
import { distanceKm } from '../../src/core/distance.ts';
import type { Coordinate } from '../../src/core/coordinate.ts';
import type { Place } from '../../src/core/place.ts';
import type { Gazetteer } from '../../src/gazetteer/gazetteer.ts';

export const TINY_CITIES = [
  { city: 'Paris', country: 'France', countryCode: 'FR', latitudeDegrees: 48.85341, longitudeDegrees: 2.3488 },
  { city: 'Helsinki', country: 'Finland', countryCode: 'FI', latitudeDegrees: 60.16952, longitudeDegrees: 24.93545 },
  { city: 'Nairobi', country: 'Kenya', countryCode: 'KE', latitudeDegrees: -1.28333, longitudeDegrees: 36.81667 },
  { city: 'Lima', country: 'Peru', countryCode: 'PE', latitudeDegrees: -12.04318, longitudeDegrees: -77.02824 },
] as const;

export function tinyGazetteer(): Gazetteer {
  const provenance = { provider: 'tiny', version: '1' };
  const same = (a = '', b = ''): boolean => a !== '' && a.toLowerCase() === b.toLowerCase();
  const geocode: Gazetteer['geocode'] = (place) => {
    const found =
      TINY_CITIES.find(({ city }) => same(city, place.city)) ??
      TINY_CITIES.find(({ country }) => same(country, place.country));
    if (found === undefined)
      return { kind: 'notFound', reason: `no place named "${place.city ?? place.country}"`, provenance };
    const { city, country, countryCode, ...coordinate } = found;
    const granularity = same(city, place.city) ? 'city' : 'country';
    return {
      kind: 'found',
      place: { city, country, countryCode },
      coordinate,
      granularity,
      matchedBy: 'exact',
      candidates: [],
      provenance,
    };
  };
  const reverse = (at: Coordinate): Place => {
    const [nearest] = [...TINY_CITIES].sort((a, b) => distanceKm(at, a) - distanceKm(at, b));
    const { city, country, countryCode } = nearest!;
    return { country, countryCode, ...(distanceKm(at, nearest!) <= 100 && { city }) };
  };
  return {
    provenance,
    geocode,
    reverse,
    contains: (place, at) => same(reverse(at).country, place.country),
    match: (a, b) => ({
      country: same(a.country, b.country),
      city: same(a.city, b.city),
      matchedBy: 'exact',
      reason: 'by name',
    }),
    parsePlace: (text) => {
      const [city, country] = text.split(',').map((part) => part.trim());
      return { country: country ?? '', city: city! };
    },
  };
}
