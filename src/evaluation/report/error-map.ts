/** Draws a world map in which each photo is at its true position and coloured by its error. */
import { random, shuffled } from '../../core/random.ts';
import { type MapLink, type MapPoint, worldMap } from '../../page/world-map.ts';
import type { MeasuredOutcome } from '../outcome.ts';
import { bandOf } from './bands.ts';

/**
 * Maximum number of points on the map. If there are more photos, the map shows a random sample, and the caption says
 * so.
 */
export const MAX_POINTS = 4000;

/** Draws the map. Each of the `links` is a numbered line from a true position to the predicted position. */
export function errorMap(
  outcomes: readonly MeasuredOutcome[],
  links: readonly MapLink[] = [],
): { svg: string; shown: number } {
  // Draw the points in random order, so that one colour does not cover all others.
  const shown = shuffled(outcomes, random(1)).slice(0, MAX_POINTS);
  const description = 'World map of the photos, coloured by the error of their prediction';
  return { svg: worldMap({ description, points: shown.map(pointOf), links, radius: 2.4 }), shown: shown.length };
}

function pointOf(measured: MeasuredOutcome): MapPoint {
  const { id, distanceKm, outcome, truth } = measured;
  const text = outcome.kind === 'located' ? `${Math.round(distanceKm!).toLocaleString('en-US')} km` : outcome.reason;
  return {
    coordinate: truth.coordinate,
    title: `${id}: ${text.slice(0, 80)}`,
    className: `band-${bandOf(measured).key}`,
  };
}
