/** A gazetteer with a few places, for tests of code that needs one. Upper and lower case in names do not matter. */
import { defined } from '../../src/core/defined.ts';
import { distanceKm } from '../../src/core/distance.ts';
import type { Place } from '../../src/core/place.ts';
import type { Gazetteer, Geocoder } from '../../src/gazetteer/gazetteer.ts';

const provenance = { provider: 'gazetteer', version: 'test' };

type Entry = { readonly place: Place; readonly latitudeDegrees: number; readonly longitudeDegrees: number };

const entry = (
  [country, countryCode, region, city]: readonly [string, string, string?, string?],
  latitudeDegrees: number,
  longitudeDegrees: number,
): Entry => ({
  place: { country, countryCode, ...defined({ region, city }) },
  latitudeDegrees,
  longitudeDegrees,
});

const ENTRIES: readonly Entry[] = [
  entry(['France', 'FR', 'Île-de-France', 'Paris'], 48.8534, 2.3488),
  entry(['France', 'FR', 'Île-de-France', 'Versailles'], 48.8036, 2.1342),
  entry(['France', 'FR', 'Provence', 'Marseille'], 43.297, 5.3811),
  entry(['Spain', 'ES', 'Madrid', 'Madrid'], 40.4165, -3.7026),
  entry(['Japan', 'JP', 'Shimane', 'Hamada'], 34.88, 132.08),
  entry(['France', 'FR'], 46, 2),
];

const equal = (a: string | undefined, b: string | undefined): boolean => a?.toLowerCase() === b?.toLowerCase();

export const fakeGazetteer: Gazetteer = {
  provenance,
  geocode: (query) => {
    const found = ENTRIES.find(
      ({ place }) => equal(place.city, query.city) && (query.country === '' || equal(place.country, query.country)),
    );
    if (found === undefined) {
      return { kind: 'notFound', reason: `no place is named ${query.city ?? query.country}`, provenance };
    }
    const { place, ...coordinate } = found;
    const granularity = place.city === undefined ? 'country' : 'city';
    return { kind: 'found', place, coordinate, granularity, matchedBy: 'exact', candidates: [], provenance };
  },
  reverse: (coordinate) => ENTRIES.find((entry) => entry.place.city && distanceKm(entry, coordinate) < 100)?.place,
  contains: (place, coordinate) => equal(fakeGazetteer.reverse(coordinate)?.country, place.country),
  match: (a, b) => {
    const country = equal(a.country, b.country);
    const city = country && a.city !== undefined && equal(a.city, b.city);
    return { country, city, matchedBy: country ? 'exact' : 'none', reason: 'test' };
  },
  parsePlace: (text) => ({ country: '', city: text }),
};

export const fakeGeocoder: Geocoder = {
  provenance,
  geocode: async (place) => Promise.resolve(fakeGazetteer.geocode(place)),
};
