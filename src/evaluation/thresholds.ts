/** The five distances at which the field counts a prediction as right, and the levels they stand for. */

export const THRESHOLDS_KM = [1, 25, 200, 750, 2500] as const;

export type ThresholdKm = (typeof THRESHOLDS_KM)[number];

/** The paper's names of the levels (Table 2). */
export const LEVELS: Readonly<Record<ThresholdKm, string>> = {
  1: 'street',
  25: 'city',
  200: 'region',
  750: 'country',
  2500: 'continent',
};

/** Scale of the exponential in GeoScore, in km. */
const GEOSCORE_SCALE_KM = 1492.7;

/** Points of a perfect guess in GeoScore. */
const GEOSCORE_MAXIMUM = 5000;

/**
 * GeoGuessr-like points of one prediction, 5000 · exp(−d / 1492.7): 5000 at 0 km.
 *
 * @example
 * geoScore(0); // 5000
 */
export function geoScore(distanceKm: number): number {
  return GEOSCORE_MAXIMUM * Math.exp(-distanceKm / GEOSCORE_SCALE_KM);
}
