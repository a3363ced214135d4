/** Positions as points of the unit sphere in space: no seam at the date line and no poles, for means and for cuts. */
import { type Coordinate, coordinate } from './coordinate.ts';

/** x, y, z; z points north, x to latitude 0, longitude 0. */
export type UnitVector = readonly [number, number, number];

const RADIANS_PER_DEGREE = Math.PI / 180;

export function unitVector({ latitudeDegrees, longitudeDegrees }: Coordinate): UnitVector {
  const latitude = latitudeDegrees * RADIANS_PER_DEGREE;
  const longitude = longitudeDegrees * RADIANS_PER_DEGREE;
  return [Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude), Math.sin(latitude)];
}

/**
 * The mean position: the direction of the summed unit vectors. Throws a RangeError where there is none, for no positions
 * and for those that balance each other.
 */
export function meanCoordinate(positions: readonly Coordinate[]): Coordinate {
  let [x, y, z] = [0, 0, 0];
  for (const position of positions) {
    const vector = unitVector(position);
    x += vector[0];
    y += vector[1];
    z += vector[2];
  }
  if (Math.hypot(x, y, z) <= 1e-9 * positions.length) {
    throw new RangeError(`The ${positions.length} positions have no mean.`);
  }
  return coordinate(Math.atan2(z, Math.hypot(x, y)) / RADIANS_PER_DEGREE, Math.atan2(y, x) / RADIANS_PER_DEGREE);
}
