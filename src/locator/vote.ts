/**
 * Self-consistency: combines many samples of one photo into one location. Has no side effects. Different spellings of a
 * place count as one vote. The chosen position is the medoid of the winning samples, because a mean could lie in the
 * sea between two cities.
 */
import { defined } from '../core/defined.ts';
import {
  answersOf,
  groupsOf,
  largestGroup,
  LEVELS,
  meanDistanceKm,
  medoidOf,
  names,
  sameAnswer,
  samePlaceAt,
  votesOf,
  WEIGHT_TOLERANCE,
  weightOf,
} from './ballot.ts';
import type { Ballot, Level, MatchPlaces } from './ballot.ts';
import { coarsened } from './coarsened.ts';
import { LEVEL_RADIUS_KM } from './location-level.ts';
import type { LevelShares, Location } from './locator.ts';

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
  const votes = votesOf(located);
  const chosen = options.levels === undefined ? byAnswer(votes, options) : atLevel(ballots, votes, options);
  if (chosen === undefined) return disagreement(ballots, options.levels ?? LEVELS);
  return locationOf(chosen, { ballots, located, votes, options });
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

function byAnswer(votes: readonly Ballot[], { match }: VoteOptions): Chosen | undefined {
  const group = largestGroup(votes, (a, b) => sameAnswer(a, b, match));
  return group === undefined ? undefined : { group };
}

function atLevel(all: readonly Ballot[], votes: readonly Ballot[], options: VoteOptions): Chosen | undefined {
  const { levels = LEVELS, agreementShare = AGREEMENT_SHARE, match } = options;
  for (const level of LEVELS.filter((candidate) => levels.includes(candidate))) {
    const eligible = votes.filter((ballot) => names(ballot, level));
    const group = largestGroup(eligible, (a, b) => samePlaceAt(level, { a, b, match }));
    if (group === undefined) continue;
    if (weightOf(group) / all.length >= agreementShare - WEIGHT_TOLERANCE) return { group, level };
  }
  return undefined;
}

type Cast = {
  readonly ballots: readonly Ballot[];
  readonly located: readonly Ballot[];
  readonly votes: readonly Ballot[];
  readonly options: VoteOptions;
};

function locationOf(chosen: Chosen, { ballots, located, votes, options }: Cast): Location {
  const { group, level } = chosen;
  const { ballot, coordinate, place, granularity } = medoidOf(group);
  const { answer } = ballot.sample;
  const stated = answer.kind === 'place' || answer.kind === 'coordinate' ? answer.confidence : undefined;
  // A single sample always agrees with itself, so only the confidence that the model states is useful.
  const confidence = ballots.length > 1 ? weightOf(group) / ballots.length : stated;
  const agreeing = answersOf(group).length;
  const spreadKm = located.length > 1 ? meanDistanceKm(coordinate, located) : undefined;
  const support = supportOf(chosen, { count: ballots.length, votes, options, stated });
  const alternatives = alternativesTo(chosen, { count: ballots.length, votes, options });
  return {
    kind: 'located',
    ...(place !== undefined && { place: level === undefined ? place : coarsened(place, level) }),
    coordinate,
    granularity: level ?? granularity,
    reasoning: reasoningOf(ballot),
    radiusKm: Math.max(LEVEL_RADIUS_KM[level ?? granularity], spreadKm ?? 0),
    ...(ballots.length > 1 && { agreement: { samples: agreeing, of: ballots.length } }),
    ...defined({ spreadKm, confidence, support }),
    ...(alternatives.length > 0 && { alternatives }),
    samples: ballots.map(({ sample }) => sample),
  };
}

const MAX_ALTERNATIVES = 5;

type Rest = { readonly count: number; readonly votes: readonly Ballot[]; readonly options: VoteOptions };

/** Lists the other places of the samples, likeliest first, each with its share of the votes if it has one. */
function alternativesTo(
  { group, level }: Chosen,
  { count, votes, options: { match } }: Rest,
): NonNullable<Location['alternatives']> {
  const [head] = group;
  const isChosen = (vote: Ballot): boolean =>
    level === undefined ? sameAnswer(head!, vote, match) : samePlaceAt(level, { a: head!, b: vote, match });
  const others = groupsOf(
    votes.filter((vote) => !isChosen(vote)),
    (a, b) => sameAnswer(a, b, match),
  );
  return others
    .toSorted((a, b) => weightOf(b) - weightOf(a))
    .slice(0, MAX_ALTERNATIVES)
    .map((other) => {
      const { coordinate, granularity, place } = medoidOf(other);
      const weight = weightOf(other);
      return { coordinate, granularity, ...defined({ place }), ...(weight > 0 && { probability: weight / count }) };
    });
}

/**
 * Returns the share of the votes that name the chosen country, region and city, down to the answer's level. A vote for
 * another city of the same country supports the country. A single sample supports its own answer only as far as the
 * model states a probability.
 */
function supportOf(
  { group, level }: Chosen,
  { count, votes, options: { match }, stated }: Rest & { readonly stated: number | undefined },
): LevelShares | undefined {
  const head = group[0]!;
  const hasShares = count > 1 || votes.some(({ isAlternative = false, weight = 0 }) => isAlternative && weight > 0);
  if (!hasShares && stated === undefined) return undefined;
  const coarsest = level === undefined ? 0 : LEVELS.indexOf(level);
  const named = LEVELS.slice(coarsest).filter((candidate) => names(head, candidate));
  const shares = named.map((candidate) => {
    const equal = votes.filter((vote) => samePlaceAt(candidate, { a: head, b: vote, match }));
    return [candidate, hasShares ? weightOf(equal) / count : stated] as const;
  });
  return Object.fromEntries(shares);
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
