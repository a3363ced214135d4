/**
 * Treats samples as ballots: decides when two ballots are equal votes, and finds the largest group of equal votes. Has
 * no side effects.
 */
import type { Coordinate } from '../core/coordinate.ts';
import { distanceKm, medoid } from '../core/distance.ts';
import type { Place, PlaceMatch } from '../core/place.ts';
import { mean } from '../core/statistics/index.ts';
import type { LocatorSample } from './locator.ts';

export type MatchPlaces = (a: Place, b: Place) => PlaceMatch;

/** A level of the answer, as `--granularity` names it. */
export type Level = 'country' | 'region' | 'city';

/** From finest to coarsest. */
export const LEVELS: readonly Level[] = ['city', 'region', 'country'];

/**
 * Two positions without place names are equal votes if they are at most this far apart. This is the usual benchmark
 * radius for a city.
 */
const SAME_SPOT_KM = 25;

export type Located = {
  readonly coordinate: Coordinate;
  readonly granularity: 'coordinate' | Level;
  /** The place, with the gazetteer's names. Absent if no place is near the position. */
  readonly place?: Place;
};

/** A sample and, if known, its location. */
export type Ballot = {
  readonly sample: LocatorSample;
  readonly located?: Located;
  /** Other places that the answer names and a geocoder knows, with the probabilities that the model states. */
  readonly alternatives?: readonly (Located & { readonly probability?: number })[];
  /** Share of the sample's vote, 1 by default. */
  readonly weight?: number;
  /** True if `located` is an alternative of the sample's answer. */
  readonly isAlternative?: boolean;
};

/**
 * Splits each located sample's vote of 1. Each alternative gets the probability that the model states, or 0 if it
 * states none. The answer gets the remainder. Probabilities with a sum above 1 are scaled down. In the result, answers
 * come before alternatives.
 */
export function votesOf(located: readonly Ballot[]): readonly Ballot[] {
  const split = located.map((ballot) => {
    const { sample, alternatives = [] } = ballot;
    const { answer } = sample;
    const stated = sum(alternatives.map(({ probability = 0 }) => probability));
    const confidence = 'confidence' in answer ? answer.confidence : undefined;
    // If the model states no confidence and the alternatives have a total probability of at least 1, the answer gets
    // the same weight as all alternatives together.
    const whole = Math.max(1, stated + (confidence ?? (stated < 1 ? 0 : stated)));
    return {
      answer: { ...ballot, weight: 1 - stated / whole },
      others: alternatives.map(({ probability = 0, ...place }): Ballot => ({
        sample,
        located: place,
        weight: probability / whole,
        isAlternative: true,
      })),
    };
  });
  return [...split.map(({ answer }) => answer), ...split.flatMap(({ others }) => others)];
}

export const weightOf = (ballots: readonly Ballot[]): number => sum(ballots.map(({ weight = 1 }) => weight));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Groups equal votes. Each group keeps the order of `ballots`. */
export function groupsOf(ballots: readonly Ballot[], same: (a: Ballot, b: Ballot) => boolean): Ballot[][] {
  const groups: Ballot[][] = [];
  for (const ballot of ballots) {
    const group = groups.find(([head]) => same(head!, ballot));
    if (group === undefined) groups.push([ballot]);
    else group.push(ballot);
  }
  return groups;
}

/** Weights that differ by less than this count as equal, because they are sums of rounded shares. */
export const WEIGHT_TOLERANCE = 1e-9;

/**
 * Returns the group with the largest weight. A group that contains only alternatives cannot win, because no sample
 * chose it as its answer. Among groups of equal weight, returns the one nearest to all answers. If several are equally
 * near, returns the first.
 */
export function largestGroup(
  ballots: readonly Ballot[],
  same: (a: Ballot, b: Ballot) => boolean,
): readonly Ballot[] | undefined {
  const groups = groupsOf(ballots, same).filter((group) => answersOf(group).length > 0);
  const most = Math.max(0, ...groups.map(weightOf));
  const largest = groups.filter((group) => weightOf(group) > most - WEIGHT_TOLERANCE);
  if (largest.length <= 1) return largest[0];
  // In a tie, choose the group nearest to all located samples, so that neighbouring places outvote an outlier.
  const away = (group: Ballot[]): number => meanDistanceKm(medoidOf(group).coordinate, answersOf(ballots));
  return largest.toSorted((a, b) => away(a) - away(b))[0];
}

export const answersOf = (ballots: readonly Ballot[]): readonly Ballot[] =>
  ballots.filter(({ isAlternative = false }) => !isAlternative);

export function sameAnswer(a: Ballot, b: Ballot, match: MatchPlaces): boolean {
  const [placeA, placeB] = [a.located?.place, b.located?.place];
  if (placeA === undefined || placeB === undefined) {
    return placeA === placeB && distanceKm(a.located!.coordinate, b.located!.coordinate) <= SAME_SPOT_KM;
  }
  const finest = (place: Place): Level =>
    place.city !== undefined ? 'city' : place.region !== undefined ? 'region' : 'country';
  const level = finest(placeA);
  return level === finest(placeB) && samePlaceAt(level, { a, b, match });
}

export function samePlaceAt(level: Level, { a, b, match }: { a: Ballot; b: Ballot; match: MatchPlaces }): boolean {
  const [placeA, placeB] = [a.located?.place, b.located?.place];
  if (placeA === undefined || placeB === undefined) return false;
  const { country, city } = match(placeA, placeB);
  if (level === 'country') return country;
  if (level === 'city') return country && city;
  // Both region names come from the gazetteer, so the same region has the same name.
  return country && placeA.region !== undefined && placeA.region === placeB.region;
}

export function names({ located }: Ballot, level: Level): boolean {
  const place = located?.place;
  if (place === undefined) return false;
  if (level === 'country') return place.country !== '' || place.countryCode !== undefined;
  return place[level] !== undefined;
}

/**
 * Returns the answer nearest to the group's other answers. If the group contains only alternatives, returns the
 * alternative nearest to the others.
 */
export function medoidOf(group: readonly Ballot[]): Located & { ballot: Ballot } {
  const answers = answersOf(group);
  const voters = answers.length > 0 ? answers : group;
  const index = medoid(voters.map(({ located }) => located!.coordinate))?.index ?? 0;
  return { ...voters[index]!.located!, ballot: voters[index]! };
}

export function meanDistanceKm(from: Coordinate, ballots: readonly Ballot[]): number {
  return mean(ballots.map(({ located }) => distanceKm(from, located!.coordinate)))!;
}
