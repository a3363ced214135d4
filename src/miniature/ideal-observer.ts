/**
 * The ideal observer. It applies Bayes' rule to the cues that a scene visibly shows, with the generated world's own
 * weights. It knows every fact and overlooks nothing, so no model that reads the visible cues can be more accurate.
 */
import { distanceKm } from '../core/distance.ts';
import type { Coordinate } from '../core/coordinate.ts';
import { type Cue, countryPosterior } from './cues.ts';
import { transitName } from './draw/transit.ts';
import { CITIES, type City } from './facts/cities.ts';
import { COUNTRIES } from './facts/countries.ts';
import { landmarkName } from './views/landmark.ts';

/** Probability that a photo shows a landmark or vehicle of another city. The world draws none, so it is almost 0. */
const FOREIGN_CITY_CUE = 1e-6;

const CITIES_OF = Map.groupBy(CITIES, ({ countryCode }) => countryCode);
const COUNTRY_INDEX = new Map(COUNTRIES.map(({ code }, i) => [code, i]));

type SeenCue = Pick<Cue, 'kind' | 'value'>;

/**
 * Returns the probability of each city, in the order of CITIES, given the visible cues. Before any cue, all countries
 * are equally likely, and so are the cities of a country, because the world chooses the homes of photo owners with
 * these probabilities.
 *
 * @example
 * const posterior = cityPosterior([{ kind: 'landmark', value: 'gold clock tower' }]);
 */
export function cityPosterior(cues: readonly SeenCue[]): number[] {
  const countries = countryPosterior(cues);
  const weights = CITIES.map((city) => {
    const prior = countries[COUNTRY_INDEX.get(city.countryCode)!]! / CITIES_OF.get(city.countryCode)!.length;
    return cues.reduce((weight, cue) => weight * cityLikelihood(city, cue), prior);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function cityLikelihood({ landmark, transit }: City, { kind, value }: SeenCue): number {
  if (kind === 'landmark') return landmarkName(landmark) === value ? 1 : FOREIGN_CITY_CUE;
  if (kind === 'transit') return transitName(transit) === value ? 1 : FOREIGN_CITY_CUE;
  return 1;
}

export type IdealAnswer = {
  readonly city: City;
  /** Probability that the answer is within the radius of the true city, according to the observer's own posterior. */
  readonly probability: number;
};

/**
 * Returns the city whose surroundings have the highest probability. This is the best answer if an answer counts within
 * `radiusKm`. `positions` contains the coordinate of each city, in the order of CITIES.
 */
export function idealAnswer(
  cues: readonly SeenCue[],
  { positions, radiusKm }: { readonly positions: readonly Coordinate[]; readonly radiusKm: number },
): IdealAnswer {
  const posterior = cityPosterior(cues);
  let best: IdealAnswer = { city: CITIES[0]!, probability: -1 };
  for (const [i, city] of CITIES.entries()) {
    const probability = nearby(positions, radiusKm)[i]!.reduce((sum, j) => sum + posterior[j]!, 0);
    if (probability > best.probability) best = { city, probability };
  }
  return best;
}

const neighbours = new WeakMap<readonly Coordinate[], Map<number, readonly (readonly number[])[]>>();

/** For each city, returns the indices of all cities within the radius, including the city itself. */
function nearby(positions: readonly Coordinate[], radiusKm: number): readonly (readonly number[])[] {
  const byRadius = neighbours.get(positions) ?? new Map<number, readonly (readonly number[])[]>();
  neighbours.set(positions, byRadius);
  const known = byRadius.get(radiusKm);
  if (known !== undefined) return known;
  const found = positions.map((a) => positions.flatMap((b, j) => (distanceKm(a, b) <= radiusKm ? [j] : [])));
  byRadius.set(radiusKm, found);
  return found;
}
