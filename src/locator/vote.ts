/**
 * Self-consistency: combines many samples of one photo into one location. Has no side effects. Different spellings of a
 * place count as one vote. The chosen position is the medoid of the winning samples, because a mean could lie in the
 * sea between two cities.
 */
import { defined } from '../core/defined.ts';
import type { Place } from '../core/place.ts';
import { largestGroup, LEVELS, meanDistanceKm, medoidOf, names, sameAnswer, samePlaceAt } from './ballot.ts';
import type { Ballot, Level, MatchPlaces } from './ballot.ts';
import type { Location } from './locator.ts';

/**
 * Minimum share of all samples that must agree on a level, if `levels` is set. Our choice; the paper has no such rule.
 */
const AGREEMENT_SHARE = 0.5;

export type VoteOptions = {
  readonly match: MatchPlaces;
  /** If set, the location has the finest of these levels on which `agreementShare` of the samples agree. */
  readonly levels?: readonly Level[];
  readonly agreementShare?: number;
};

/** Returns the location without `usage`, which the caller adds. */
export function vote(ballots: readonly Ballot[], options: VoteOptions): Location {
  const located = ballots.filter((ballot) => ballot.located !== undefined);
  const kinds = countKinds(ballots);
  const winner = [...kinds].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? 'unparseable';
  if (winner !== 'located') return notLocated(winner, { ballots, count: kinds.get(winner) ?? 0 });
  const chosen = options.levels === undefined ? byAnswer(located, options) : atLevel(ballots, located, options);
  if (chosen === undefined) return disagreement(ballots, options.levels ?? LEVELS);
  return locationOf(chosen, { ballots, located });
}

/** Counts samples by kind. The order of the kinds, from most to least informative, breaks ties. */
function countKinds(ballots: readonly Ballot[]): Map<Location['kind'], number> {
  const counts = new Map<Location['kind'], number>([
    ['located', 0],
    ['notGeocodable', 0],
    ['refused', 0],
    ['unparseable', 0],
  ]);
  for (const ballot of ballots) {
    const kind = kindOf(ballot);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function kindOf({ sample, located }: Ballot): Location['kind'] {
  if (located !== undefined) return 'located';
  const { kind } = sample.answer;
  switch (kind) {
    case 'refusal':
      return 'refused';
    case 'unparseable':
      return 'unparseable';
    case 'place':
    case 'coordinate':
      return 'notGeocodable';
  }
  return kind satisfies never;
}

type Chosen = { readonly group: readonly Ballot[]; readonly level?: Level };

function byAnswer(located: readonly Ballot[], { match }: VoteOptions): Chosen | undefined {
  const group = largestGroup(located, (a, b) => sameAnswer(a, b, match));
  return group === undefined ? undefined : { group };
}

function atLevel(all: readonly Ballot[], located: readonly Ballot[], options: VoteOptions): Chosen | undefined {
  const { levels = LEVELS, agreementShare = AGREEMENT_SHARE, match } = options;
  for (const level of LEVELS.filter((candidate) => levels.includes(candidate))) {
    const eligible = located.filter((ballot) => names(ballot, level));
    const group = largestGroup(eligible, (a, b) => samePlaceAt(level, { a, b, match }));
    if (group !== undefined && group.length / all.length >= agreementShare) return { group, level };
  }
  return undefined;
}

function locationOf(
  { group, level }: Chosen,
  { ballots, located }: { ballots: readonly Ballot[]; located: readonly Ballot[] },
): Location {
  const { ballot, coordinate, place, granularity } = medoidOf(group);
  const { answer } = ballot.sample;
  const stated = answer.kind === 'place' || answer.kind === 'coordinate' ? answer.confidence : undefined;
  // A single sample always agrees with itself, so only the confidence that the model states is useful.
  const confidence = ballots.length > 1 ? group.length / ballots.length : stated;
  return {
    kind: 'located',
    ...(place !== undefined && { place: level === undefined ? place : coarsened(place, level) }),
    coordinate,
    granularity: level ?? granularity,
    reasoning: reasoningOf(ballot),
    ...(located.length > 1 && { spreadKm: meanDistanceKm(coordinate, located) }),
    ...defined({ confidence }),
    samples: ballots.map(({ sample }) => sample),
  };
}

/** Returns the place without the parts that are finer than the level. */
function coarsened(place: Place, level: Level): Place {
  if (level === 'city') return place;
  const { country, countryCode, region } = place;
  return {
    country,
    ...defined({ countryCode }),
    ...(level === 'region' && region !== undefined && { region }),
  };
}

const reasoningOf = ({ sample: { answer } }: Ballot): string => (answer.kind === 'unparseable' ? '' : answer.reasoning);

function notLocated(
  kind: Exclude<Location['kind'], 'located'>,
  { ballots, count }: { ballots: readonly Ballot[]; count: number },
): Location {
  const first = ballots.find((ballot) => kindOf(ballot) === kind);
  const why = {
    refused: 'the model declined to name a place',
    unparseable: first?.sample.answer.kind === 'unparseable' ? first.sample.answer.reason : 'there are no samples',
    notGeocodable: first?.sample.reason ?? 'the place is unknown',
  }[kind];
  return {
    kind,
    reasoning: first === undefined ? '' : reasoningOf(first),
    reason: ballots.length > 1 ? `${count} of ${ballots.length} samples: ${why}` : why,
    samples: ballots.map(({ sample }) => sample),
  };
}

function disagreement(ballots: readonly Ballot[], levels: readonly Level[]): Location {
  const coarsest = LEVELS.findLast((level) => levels.includes(level)) ?? 'country';
  return {
    kind: 'refused',
    reasoning: '',
    reason: `the samples do not agree on a ${coarsest}`,
    samples: ballots.map(({ sample }) => sample),
  };
}
