/**
 * Positions on the Earth, always in WGS 84 degrees; radians stay inside functions. `coordinate` validates, so a
 * Coordinate is always a valid position.
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
      'Latitude must be in [-90, 90] and longitude in [-180, 180] degrees; check that the two are not swapped.',
    );
  }
  return { latitudeDegrees, longitudeDegrees };
}
