/**
 * Keeps positions no finer than a city, which is the default of `globe locate`: an answer that could lead to a person's
 * door needs a request.
 */
import type { Coordinate } from '../core/coordinate.ts';
import type { Location, Locator, LocatorSample } from './locator.ts';

/** A tenth of a degree is at most 11 km. */
const STEPS_PER_DEGREE = 10;

/**
 * Wraps a locator, so that a position that is not the centre of a place is rounded to a tenth of a degree. Completions
 * stay as the model wrote them.
 */
export function cityPrecise<L extends Locator>(locator: L): L {
  return { ...locator, locate: async (image, request) => coarse(await locator.locate(image, request)) };
}

function coarse(location: Location): Location {
  const { coordinate, granularity, alternatives, samples } = location;
  // An answer at the level of a country can have the position that a sample states, so its granularity tells too little.
  const stated = new Set(samples.flatMap(statedPositions).map(keyOf));
  const shown = (at: Coordinate, level?: Location['granularity']): Coordinate =>
    level === 'coordinate' || stated.has(keyOf(at)) ? rounded(at) : at;
  return {
    ...location,
    ...(coordinate !== undefined && { coordinate: shown(coordinate, granularity) }),
    ...(alternatives !== undefined && {
      alternatives: alternatives.map((other) => ({
        ...other,
        coordinate: shown(other.coordinate, other.granularity),
      })),
    }),
    samples: samples.map((sample) =>
      sample.coordinate === undefined ? sample : { ...sample, coordinate: shown(sample.coordinate) },
    ),
  };
}

/** Returns the positions that a sample's text states, for its answer and its alternatives. */
function statedPositions({ answer }: LocatorSample): Coordinate[] {
  if (answer.kind !== 'place' && answer.kind !== 'coordinate') return [];
  return [answer, ...(answer.alternatives ?? [])].flatMap(({ coordinate }) => coordinate ?? []);
}

const keyOf = ({ latitudeDegrees, longitudeDegrees }: Coordinate): string => `${latitudeDegrees},${longitudeDegrees}`;

const rounded = ({ latitudeDegrees, longitudeDegrees }: Coordinate): Coordinate => ({
  latitudeDegrees: tenth(latitudeDegrees),
  longitudeDegrees: tenth(longitudeDegrees),
});

const tenth = (degrees: number): number => Math.round(degrees * STEPS_PER_DEGREE) / STEPS_PER_DEGREE;
