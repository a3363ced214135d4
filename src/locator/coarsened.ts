/** Leaves out the parts of a place that an answer is not sure of. */
import { defined } from '../core/defined.ts';
import type { Place } from '../core/place.ts';
import type { Level } from './ballot.ts';

/** Returns the place without the parts that are finer than the level. */
export function coarsened(place: Place, level: Level): Place {
  if (level === 'city') return place;
  const { country, countryCode, region } = place;
  return {
    country,
    ...defined({ countryCode }),
    ...(level === 'region' && region !== undefined && { region }),
  };
}
