/**
 * Decides for gates 2 and 3 whether two places agree. They agree if the gazetteer matches their names, or if they are
 * nearby cities in the same country.
 */
import type { Coordinate } from '../../core/coordinate.ts';
import { defined } from '../../core/defined.ts';
import { distanceKm } from '../../core/distance.ts';
import type { Place } from '../../core/place.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';

export type Agreement = {
  readonly agrees: boolean;
  /** Distance between the two places. Absent unless the positions of both cities are known. */
  readonly distanceKm?: number;
  readonly reason: string;
};

export type AgreementOptions = {
  readonly gazetteer: Pick<Gazetteer, 'geocode' | 'match'>;
  readonly level: 'country' | 'city';
  readonly maxDistanceKm: number;
};

/** A place and its position. If the position is missing, the place's name is geocoded. */
export type Placed = { readonly place: Place; readonly coordinate?: Coordinate };

export function placesAgree(a: Placed, b: Placed, { gazetteer, level, maxDistanceKm }: AgreementOptions): Agreement {
  const match = gazetteer.match(a.place, b.place);
  const apartKm = cityDistanceKm(a, b, gazetteer);
  const more = defined({ distanceKm: apartKm });
  if (level === 'country' ? match.country : match.country && match.city) {
    return { agrees: true, reason: match.reason, ...more };
  }
  // Within `maxDistanceKm`, a suburb counts as the city beside it. Both must be in the same country, because a
  // reasoning text that concludes the wrong country is wrong.
  if (level === 'city' && match.country && apartKm !== undefined && apartKm <= maxDistanceKm) {
    return { agrees: true, reason: `${apartKm.toFixed(0)} km apart`, ...more };
  }
  return { agrees: false, reason: match.reason, ...more };
}

function cityDistanceKm(a: Placed, b: Placed, gazetteer: Pick<Gazetteer, 'geocode'>): number | undefined {
  const [first, second] = [positionOf(a, gazetteer), positionOf(b, gazetteer)];
  return first === undefined || second === undefined ? undefined : distanceKm(first, second);
}

/**
 * Returns the position of a city. Returns undefined for a country, because a country's representative position is not
 * the position of a city in it.
 */
function positionOf({ place, coordinate }: Placed, gazetteer: Pick<Gazetteer, 'geocode'>): Coordinate | undefined {
  if (coordinate !== undefined) return coordinate;
  if (place.city === undefined) return undefined;
  const found = gazetteer.geocode(place);
  return found.kind === 'found' && found.granularity === 'city' ? found.coordinate : undefined;
}
