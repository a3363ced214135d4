/**
 * Positions on the Earth. Degrees, WGS 84, everywhere; radians never leave a function. A Coordinate is
 * always valid: it is made by `coordinate`, which refuses what is not a position.
 */
import { invalidInput } from './errors.ts';

export type Coordinate = {
  /** In [-90, 90]. */
  readonly latitudeDegrees: number;
  /** In [-180, 180]. */
  readonly longitudeDegrees: number;
};

/** True when the two numbers are a position: finite, latitude in [-90, 90], longitude in [-180, 180]. */
export function isCoordinate(latitudeDegrees: number, longitudeDegrees: number): boolean {
  return (
    Number.isFinite(latitudeDegrees) &&
    Number.isFinite(longitudeDegrees) &&
    Math.abs(latitudeDegrees) <= 90 &&
    Math.abs(longitudeDegrees) <= 180
  );
}

/**
 * A validated position. Throws `invalid-input` for a latitude outside [-90, 90], a longitude outside
 * [-180, 180] or anything not finite.
 */
export function coordinate(latitudeDegrees: number, longitudeDegrees: number): Coordinate {
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    throw invalidInput(
      `Not a position: latitude ${latitudeDegrees}, longitude ${longitudeDegrees}.`,
      'Latitude lies in [-90, 90] and longitude in [-180, 180] degrees; check that the two are not swapped.',
    );
  }
  return { latitudeDegrees, longitudeDegrees };
}
