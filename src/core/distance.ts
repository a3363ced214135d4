/**
 * Great-circle distances on a sphere. The benchmarks of the field use the same distances, not geodesics of the
 * ellipsoid.
 */
import type { Coordinate } from './coordinate.ts';

/** Mean radius R1 of the Earth in km (IUGG; (2a + b) / 3 of WGS 84). */
export const EARTH_RADIUS_KM = 6371.0088;

const RADIANS_PER_DEGREE = Math.PI / 180;

/**
 * Returns the great-circle distance in km by the haversine formula, which is precise for small distances. The result is
 * in [0, π R] and differs by at most 0.5 % from the distance on the ellipsoid. Between antipodes, the rounding error
 * reaches decimetres.
 *
 * @example
 * distanceKm(coordinate(48.8584, 2.2945), coordinate(51.5007, -0.1246)); // 340.5, from the Eiffel Tower to Big Ben
 */
export function distanceKm(a: Coordinate, b: Coordinate): number {
  const latitudeA = a.latitudeDegrees * RADIANS_PER_DEGREE;
  const latitudeB = b.latitudeDegrees * RADIANS_PER_DEGREE;
  const sinHalfLatitude = Math.sin((latitudeB - latitudeA) / 2);
  const sinHalfLongitude = Math.sin(((b.longitudeDegrees - a.longitudeDegrees) * RADIANS_PER_DEGREE) / 2);
  const h = sinHalfLatitude ** 2 + Math.cos(latitudeA) * Math.cos(latitudeB) * sinHalfLongitude ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, h)));
}

/**
 * Returns the medoid (the position with the smallest summed distance to all others) and the mean distance to it in km.
 * The vote over samples uses the medoid because it is always one of the answers. A mean could be in the sea between two
 * answers.
 */
export function medoid(points: readonly Coordinate[]): { index: number; meanDistanceKm: number } | undefined {
  let best: { index: number; meanDistanceKm: number } | undefined;
  for (const [index, point] of points.entries()) {
    const meanDistanceKm = points.reduce((sum, other) => sum + distanceKm(point, other), 0) / points.length;
    if (best === undefined || meanDistanceKm < best.meanDistanceKm) best = { index, meanDistanceKm };
  }
  return best;
}
