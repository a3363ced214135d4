/** The five distances within which papers count a prediction as correct, and the level that each stands for. */

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

/** The distance d at which GeoScore falls to 1/e of its maximum, in km. */
const GEOSCORE_SCALE_KM = 1492.7;

/** GeoScore of a prediction without error. */
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
