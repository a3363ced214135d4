/** Finds the place in or near which a coordinate is: the nearest populated place by great-circle distance. */
import KDBush from 'kdbush';
import type { Coordinate } from '../core/coordinate.ts';
import { defined } from '../core/defined.ts';
import { distanceKm, EARTH_RADIUS_KM } from '../core/distance.ts';
import type { Place } from '../core/place.ts';
import { coordinateOf, placeOfRow, type Store } from './store.ts';

/** Beyond this the nearest place says nothing about where a photo was taken. */
const FARTHEST_CITY_KM = 100;
const FARTHEST_COUNTRY_KM = 500;

/** Sections of a city, and past or abandoned places, do not count as a photo's place. */
const NO_CITY = new Set(['PPLX', 'PPLH', 'PPLQ', 'PPLW', 'PPLCH']);

export type Reverse = (coordinate: Coordinate) => Place | undefined;

/**
 * Search radii in km, in order: most photos are near a city, and a small box holds few places. If the last radius finds
 * nothing, nothing is near.
 */
const RADII_KM = [8, 30, FARTHEST_CITY_KM, FARTHEST_COUNTRY_KM] as const;

/**
 * The nearest city within 100 km with its region and country; between 100 and 500 km the country alone; farther away
 * (mid-ocean, inner Antarctica) undefined. The spatial index (KDBush, 200,000 points) is built at the first call.
 */
export function createReverse(store: Store): Reverse {
  let index: KDBush | undefined;
  return (at) => {
    index ??= indexPlaces(store);
    for (const radiusKm of RADII_KM) {
      const row = nearest({ store, index, at, radiusKm });
      if (row === undefined) continue;
      const place = placeOfRow(store, row);
      if (radiusKm <= FARTHEST_CITY_KM) return place;
      return {
        country: place.country,
        ...defined({ countryCode: place.countryCode }),
      };
    }
    return undefined;
  };
}

type Search = {
  readonly store: Store;
  readonly index: KDBush;
  readonly at: Coordinate;
  readonly radiusKm: number;
};

/** The row of the nearest city within the radius, chosen among those in a box around the circle. */
function nearest({ store, index, at, radiusKm }: Search): number | undefined {
  let best: number | undefined;
  let bestKm = radiusKm;
  for (const [west, south, east, north] of boxesAround(at, radiusKm)) {
    for (const row of index.range(west, south, east, north)) {
      const km = distanceKm(at, coordinateOf(store, row));
      if (km > bestKm || (km === bestKm && best !== undefined) || !isCity(store, row)) continue;
      best = row;
      bestKm = km;
    }
  }
  return best;
}

type Box = readonly [west: number, south: number, east: number, north: number];

/** Added to each side, in degrees: the index rounds positions to 32 bits. */
const ROUNDING_DEGREES = 1e-4;

/**
 * The box in degrees that holds every point within the radius; two where it crosses the antimeridian. The circle is
 * widest where its tangent meridians touch it: sin(Δλ) = sin(r / R) / cos(φ). Around a pole it has every longitude.
 */
function boxesAround({ latitudeDegrees, longitudeDegrees }: Coordinate, radiusKm: number): Box[] {
  const angle = radiusKm / EARTH_RADIUS_KM;
  const degrees = (radians: number): number => (radians * 180) / Math.PI + ROUNDING_DEGREES;
  const south = latitudeDegrees - degrees(angle);
  const north = latitudeDegrees + degrees(angle);
  if (south <= -90 || north >= 90) return [[-180, south, 180, north]];
  const half = degrees(Math.asin(Math.sin(angle) / Math.cos((latitudeDegrees * Math.PI) / 180)));
  const [west, east] = [longitudeDegrees - half, longitudeDegrees + half];
  const boxes: Box[] = [[west, south, east, north]];
  if (west < -180) boxes.push([west + 360, south, 180, north]);
  if (east > 180) boxes.push([-180, south, east - 360, north]);
  return boxes;
}

/** Places without an id come from the newer export, which does not separate a city from its sections. */
export function isCity({ sections, features }: Store, row: number): boolean {
  return sections.geonameId[row] !== 0 && !NO_CITY.has(features[sections.feature[row]!]!);
}

/** Rows list places before regions, so an index number is a row number. */
function indexPlaces({ places, sections: { latitude, longitude } }: Store): KDBush {
  const index = new KDBush(places, 64, Float32Array);
  for (let row = 0; row < places; row++) index.add(longitude[row]! / 1e5, latitude[row]! / 1e5);
  return index.finish();
}
