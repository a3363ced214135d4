/**
 * Positions on the Earth. Coordinates are in WGS 84 degrees; radians are used only inside functions. `coordinate`
 * validates its arguments, so a Coordinate is always a valid position.
 */
import { invalidInput } from './errors.ts';

export type Coordinate = {
  /** In [-90, 90]. */
  readonly latitudeDegrees: number;
  /** In [-180, 180]. */
  readonly longitudeDegrees: number;
};

/** True if the two numbers are a position: finite, latitude in [-90, 90], longitude in [-180, 180]. */
export function isCoordinate(latitudeDegrees: number, longitudeDegrees: number): boolean {
  return (
    Number.isFinite(latitudeDegrees) &&
    Number.isFinite(longitudeDegrees) &&
    Math.abs(latitudeDegrees) <= 90 &&
    Math.abs(longitudeDegrees) <= 180
  );
}

/**
 * Creates a validated position. Throws `invalid-input` if the latitude is outside [-90, 90], the longitude is outside
 * [-180, 180], or either is not finite.
 */
export function coordinate(latitudeDegrees: number, longitudeDegrees: number): Coordinate {
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    throw invalidInput(
      `Invalid position: latitude ${latitudeDegrees}, longitude ${longitudeDegrees}.`,
      'Latitude must be in [-90, 90] and longitude in [-180, 180] degrees. Check that the two are not swapped.',
    );
  }
  return { latitudeDegrees, longitudeDegrees };
}
