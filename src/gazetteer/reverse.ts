/** A coordinate to the place it is in or near: the nearest populated place, by great-circle distance. */
import { around } from 'geokdbush';
import KDBush from 'kdbush';
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import { isRegion, placeOf, type Store } from './store.ts';

/** Beyond this the nearest place says nothing about where a photo was taken. */
const FARTHEST_CITY_KM = 100;
const FARTHEST_COUNTRY_KM = 500;

/** Places of the country only in name: their features are past or abandoned. */
const PAST = new Set(['PPLH', 'PPLQ', 'PPLW', 'PPLCH']);

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
      around(
        index!,
        longitudeDegrees,
        latitudeDegrees,
        1,
        maxKm,
        (row) => !PAST.has(store.features[store.sections.feature[row]!]!),
      )[0];
    const city = nearest(FARTHEST_CITY_KM);
    if (city !== undefined) return placeOf(store, city);
    const far = nearest(FARTHEST_COUNTRY_KM);
    if (far === undefined) return undefined;
    const { country, countryCode } = placeOf(store, far);
    return { country, ...(countryCode !== undefined && { countryCode }) };
  };
}

/** Places come before regions in the rows, so that the index's numbers are row numbers. */
function indexPlaces(store: Store): KDBush {
  const { latitude, longitude } = store.sections;
  let count = 0;
  while (count < latitude.length && !isRegion(store, count)) count++;
  const index = new KDBush(count, 64, Float32Array);
  for (let row = 0; row < count; row++) index.add(longitude[row]! / 1e5, latitude[row]! / 1e5);
  return index.finish();
}
