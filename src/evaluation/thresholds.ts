/** The five distances within which papers count a prediction as correct, and the name of each. */

export const THRESHOLDS_KM = [1, 25, 200, 750, 2500] as const;

export type ThresholdKm = (typeof THRESHOLDS_KM)[number];

/** The paper's names for the distances (Table 2). */
export const LEVELS: Readonly<Record<ThresholdKm, string>> = {
  1: 'street',
  25: 'city',
  200: 'region',
  750: 'country',
  2500: 'continent',
};

/** The distance, in km, at which GeoScore falls to 1/e of its maximum. */
const GEOSCORE_SCALE_KM = 1492.7;

/** GeoScore of a prediction at distance 0. */
const GEOSCORE_MAXIMUM = 5000;

/**
 * The GeoScore of one prediction, similar to the points in GeoGuessr: 5000 · exp(−d / 1492.7), with d in km.
 *
 * @example
 * geoScore(0); // 5000
 */
export function geoScore(distanceKm: number): number {
  return GEOSCORE_MAXIMUM * Math.exp(-distanceKm / GEOSCORE_SCALE_KM);
}
