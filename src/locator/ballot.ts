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
 * Two positions without place names are equal votes within this distance, which is the usual benchmark radius for a
 * city.
 */
const SAME_SPOT_KM = 25;

/** A sample and, if known, its location. */
export type Ballot = {
  readonly sample: LocatorSample;
  readonly located?: {
    readonly coordinate: Coordinate;
    readonly granularity: 'coordinate' | Level;
    /** The place, with the gazetteer's names. Absent if no place is near the position. */
    readonly place?: Place;
  };
};

/** Returns the largest group. Among groups of equal size, returns the one nearest to all ballots, or else the first. */
export function largestGroup(
  ballots: readonly Ballot[],
  same: (a: Ballot, b: Ballot) => boolean,
): readonly Ballot[] | undefined {
  const groups: Ballot[][] = [];
  for (const ballot of ballots) {
    const group = groups.find(([head]) => same(head!, ballot));
    if (group === undefined) groups.push([ballot]);
    else group.push(ballot);
  }
  const size = Math.max(0, ...groups.map((group) => group.length));
  const largest = groups.filter((group) => group.length === size);
  if (largest.length <= 1) return largest[0];
  // In a tie, choose the group nearest to all located samples, so that neighbouring places outvote an outlier.
  const away = (group: Ballot[]): number => meanDistanceKm(medoidOf(group).coordinate, ballots);
  return largest.toSorted((a, b) => away(a) - away(b))[0];
}

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

export function medoidOf(group: readonly Ballot[]): NonNullable<Ballot['located']> & { ballot: Ballot } {
  const index = medoid(group.map(({ located }) => located!.coordinate))?.index ?? 0;
  return { ...group[index]!.located!, ballot: group[index]! };
}

export function meanDistanceKm(from: Coordinate, ballots: readonly Ballot[]): number {
  return mean(ballots.map(({ located }) => distanceKm(from, located!.coordinate)))!;
}
