/** The levels of a location and the usual radius of each. */
import type { Location } from './locator.ts';

/**
 * Radius in km that an answer of each level claims, without a calibration: the usual benchmark radii for city, region
 * and country. A position without a place claims no more than a city, because no method here is known to be finer.
 */
export const LEVEL_RADIUS_KM: Readonly<Record<NonNullable<Location['granularity']>, number>> = {
  coordinate: 25,
  city: 25,
  region: 200,
  country: 750,
};
