/**
 * Keeps positions no finer than a city, which is the default of `globe locate`: an answer that could lead to a person's
 * door needs a request.
 */
import type { Coordinate } from '../core/coordinate.ts';
import type { Location, Locator } from './locator.ts';

/** A tenth of a degree is at most 11 km. */
const STEPS_PER_DEGREE = 10;

/** Wraps a locator, so that a position that is not the centre of a place is rounded to a tenth of a degree. */
export function cityPrecise<L extends Locator>(locator: L): L {
  return { ...locator, locate: async (image, request) => coarse(await locator.locate(image, request)) };
}

function coarse(location: Location): Location {
  const { coordinate, granularity, alternatives } = location;
  return {
    ...location,
    ...(coordinate !== undefined && granularity === 'coordinate' && { coordinate: rounded(coordinate) }),
    ...(alternatives !== undefined && {
      alternatives: alternatives.map((other) =>
        other.granularity === 'coordinate' ? { ...other, coordinate: rounded(other.coordinate) } : other,
      ),
    }),
  };
}

const rounded = ({ latitudeDegrees, longitudeDegrees }: Coordinate): Coordinate => ({
  latitudeDegrees: tenth(latitudeDegrees),
  longitudeDegrees: tenth(longitudeDegrees),
});

const tenth = (degrees: number): number => Math.round(degrees * STEPS_PER_DEGREE) / STEPS_PER_DEGREE;
