/** A coordinate to the place it is in or near: the nearest populated place, by great-circle distance. */
import { around } from 'geokdbush';
import KDBush from 'kdbush';
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import { placeOf, type Store } from './store.ts';

/** Beyond this the nearest place says nothing about where a photo was taken. */
const FARTHEST_CITY_KM = 100;
const FARTHEST_COUNTRY_KM = 500;

/** Sections of a city, and past or abandoned places, are not where a photo was taken. */
const NO_CITY = new Set(['PPLX', 'PPLH', 'PPLQ', 'PPLW', 'PPLCH']);

export type Reverse = (coordinate: Coordinate) => Place | undefined;

/**
 * The nearest city within 100 km with its region and country; between 100 and 500 km the country alone; farther away
 * (mid-ocean, inner Antarctica) undefined. The spatial index (KDBush, 200,000 points) is built at the first call.
 */
export function createReverse(store: Store): Reverse {
  let index: KDBush | undefined;
  return ({ latitudeDegrees, longitudeDegrees }) => {
    index ??= indexPlaces(store);
    const nearest = (maxKm: number): number | undefined =>
      around(index!, longitudeDegrees, latitudeDegrees, 1, maxKm, (row) => isCity(store, row))[0];
    const city = nearest(FARTHEST_CITY_KM);
    if (city !== undefined) return placeOf(store, city);
    const far = nearest(FARTHEST_COUNTRY_KM);
    if (far === undefined) return undefined;
    const { country, countryCode } = placeOf(store, far);
    return { country, ...(countryCode !== undefined && { countryCode }) };
  };
}

/** Places without an id are the newer export's, which does not tell a city from its sections. */
function isCity({ sections, features }: Store, row: number): boolean {
  return sections.geonameId[row] !== 0 && !NO_CITY.has(features[sections.feature[row]!]!);
}

/** Places come before regions in the rows, so that the index's numbers are row numbers. */
function indexPlaces({ places, sections: { latitude, longitude } }: Store): KDBush {
  const index = new KDBush(places, 64, Float32Array);
  for (let row = 0; row < places; row++) index.add(longitude[row]! / 1e5, latitude[row]! / 1e5);
  return index.finish();
}
