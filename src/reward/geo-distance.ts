/**
 * The accuracy reward by distance from the geocoded answer to the photo. A nearer answer earns more. The paper's
 * accuracy reward, by contrast, is the same for a neighbouring town and for a town at the other end of the country. If
 * the answer names the photo's city, the distance is 0, because a more precise answer is impossible.
 */
import { parseAnswer } from '../core/answer-grammar.ts';
import type { Coordinate } from '../core/coordinate.ts';
import { distanceKm } from '../core/distance.ts';
import { scored, unscored } from '../core/score.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import { pureReward, type Reward, type RewardInput } from './reward.ts';

/** A decreasing function from a distance in km to a value in [0, 1]. */
export type DistanceShape =
  /** exp(−d/τ). */
  | { readonly kind: 'exponential'; readonly tauKm: number }
  /**
   * Linear interpolation between points [km, value] in ascending km; constant before the first point and after the
   * last.
   */
  | { readonly kind: 'piecewise-linear'; readonly points: readonly (readonly [number, number])[] }
  /**
   * Steps [limit in km, value] in ascending km. The first limit at or above the distance gives the value; beyond the
   * last limit, the value is 0.
   */
  | { readonly kind: 'steps'; readonly steps: readonly (readonly [number, number])[] };

export function shapedValue(shape: DistanceShape, km: number): number {
  switch (shape.kind) {
    case 'exponential':
      return Math.exp(-km / shape.tauKm);
    case 'steps':
      return shape.steps.find(([limitKm]) => km <= limitKm)?.[1] ?? 0;
    case 'piecewise-linear': {
      const { points } = shape;
      const next = points.findIndex(([atKm]) => km <= atKm);
      if (next === -1) return points.at(-1)![1];
      if (next === 0) return points[0]![1];
      const [fromKm, from] = points[next - 1]!;
      const [toKm, to] = points[next]!;
      return from + ((to - from) * (km - fromKm)) / (toKm - fromKm);
    }
    default:
      throw new TypeError(`Unknown shape: ${JSON.stringify(shape satisfies never)}`);
  }
}

/**
 * Returns τ, which changes geometrically from `startKm` to `endKm` as `progress` goes from 0 to 1. Throws a RangeError
 * if `progress` is outside [0, 1].
 */
export function tauAt({ startKm, endKm, progress }: { startKm: number; endKm: number; progress: number }): number {
  if (!(progress >= 0 && progress <= 1)) throw new RangeError(`Invalid progress: ${progress}. It must be in [0, 1].`);
  return startKm * (endKm / startKm) ** progress;
}

/**
 * Creates the reward exp(−d/τ) with τ = 1492.7 km, or another `shape` of d. The distance d is the great-circle distance
 * in km from the geocoded answer to the photo, or 0 if the answer names the photo's city. A row is unscored if its
 * truth has no position.
 *
 * @example
 * geoDistance(gazetteer, { shape: { kind: 'steps', steps: [[25, 1], [750, 0.5]] } });
 */
export function geoDistance(
  gazetteer: Gazetteer,
  { shape = { kind: 'exponential', tauKm: 1492.7 } }: { readonly shape?: DistanceShape } = {},
): Reward {
  return pureReward(`accuracy/distance/${shape.kind}`, (input) => {
    const truth = input.truthCoordinate ?? coordinateOfTruth(input, gazetteer);
    if (truth === undefined) return unscored(`the truth has no position: ${JSON.stringify(input.truth)}`);
    const answer = parseAnswer(input.completion);
    if (answer.kind === 'refusal') return scored(0, { answer: 'refusal' });
    if (answer.kind === 'unparseable') return scored(0, { answer: `unparseable: ${answer.reason}` });
    if (answer.kind === 'coordinate') {
      const km = distanceKm(answer.coordinate, truth);
      return scored(shapedValue(shape, km), { answer: 'coordinate', distanceKm: km });
    }
    const found = gazetteer.geocode(answer.place);
    if (found.kind === 'notFound') return scored(0, { answer: 'place', place: answer.place, notFound: found.reason });
    const km = distanceKm(found.coordinate, truth);
    const { city } = gazetteer.match(answer.place, input.truth);
    return scored(shapedValue(shape, city ? 0 : km), {
      answer: 'place',
      place: answer.place,
      granularity: found.granularity,
      distanceKm: km,
      city,
    });
  });
}

function coordinateOfTruth({ truth }: RewardInput, gazetteer: Gazetteer): Coordinate | undefined {
  const found = gazetteer.geocode(truth);
  return found.kind === 'found' && found.granularity === 'city' ? found.coordinate : undefined;
}
