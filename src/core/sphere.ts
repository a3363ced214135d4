/** Positions as points on the unit sphere. In this form, the date line and the poles need no special cases. */
import { type Coordinate, coordinate } from './coordinate.ts';

/** x, y and z. The z axis points to the North Pole, the x axis to latitude 0 and longitude 0. */
export type UnitVector = readonly [number, number, number];

const RADIANS_PER_DEGREE = Math.PI / 180;

export function unitVector({ latitudeDegrees, longitudeDegrees }: Coordinate): UnitVector {
  const latitude = latitudeDegrees * RADIANS_PER_DEGREE;
  const longitude = longitudeDegrees * RADIANS_PER_DEGREE;
  return [Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude), Math.sin(latitude)];
}

/**
 * Returns the mean position: the direction of the sum of the unit vectors. Throws a RangeError if there are no
 * positions or if their vectors cancel out.
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
    throw new RangeError(
      `Cannot average ${positions.length} positions: the list is empty, or the positions cancel out.`,
    );
  }
  return coordinate(Math.atan2(z, Math.hypot(x, y)) / RADIANS_PER_DEGREE, Math.atan2(y, x) / RADIANS_PER_DEGREE);
}
