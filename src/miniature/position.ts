/** Positions of cities (from the gazetteer) and of the photos around them. */
import { type Coordinate, coordinate } from '../core/coordinate.ts';
import { invalidInput } from '../core/errors.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { City } from './facts/cities.ts';

/** Looks up a city's coordinate and country name in the gazetteer, by its GeoNames id. */
export function cityPosition(
  { geonameId, name, countryCode }: City,
  gazetteer: Gazetteer,
): { coordinate: Coordinate; country: string } {
  const found = gazetteer.geocode({ country: '', countryCode, city: name, geonameId });
  if (found.kind === 'found' && found.place.geonameId === geonameId)
    return { coordinate: found.coordinate, country: found.place.country };
  throw invalidInput(
    `The gazetteer lacks ${name}, ${countryCode} (GeoNames ${geonameId}).`,
    'Run npm run build:gazetteer.',
  );
}

const KM_PER_DEGREE = 111.195;

/** Moves a coordinate to the east and north, by distances in km, and rounds it to 0.1 m. Valid up to tens of km. */
export function moved(
  { latitudeDegrees, longitudeDegrees }: Coordinate,
  [east, north]: readonly [number, number],
): Coordinate {
  const round = (value: number): number => Math.round(value * 1e6) / 1e6;
  const perDegree = KM_PER_DEGREE * Math.cos((latitudeDegrees * Math.PI) / 180);
  return coordinate(round(latitudeDegrees + north / KM_PER_DEGREE), round(longitudeDegrees + east / perDegree));
}
