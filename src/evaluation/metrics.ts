/**
 * The metrics of a set of outcomes. Accuracy and GeoScore count every outcome in the denominator. The comments below
 * and the protocol of every report state how refusals, failures and unknown places affect each number.
 */
import { defined } from '../core/defined.ts';
import { random } from '../core/random.ts';
import { bootstrapMeans, mean, proportion, quantile } from '../core/statistics/index.ts';
import type { Interval, Proportion } from '../core/statistics/index.ts';
import type { MeasuredOutcome, Outcome } from './outcome.ts';
import { geoScore, THRESHOLDS_KM } from './thresholds.ts';
import type { ThresholdKm } from './thresholds.ts';

export type Accuracy = Proportion & {
  /**
   * Interval from resampling whole owners, because photos of one owner are not independent. Absent if owners are
   * unknown or if none has several photos.
   */
  readonly byOwner?: Interval;
};

export type Counts = Readonly<Record<'answered' | Exclude<Outcome['kind'], 'located'>, number>>;

export type Metrics = Counts & {
  /** Number of outcomes, which is the denominator of accuracy and GeoScore. */
  readonly n: number;
  /** Share of all n photos whose error is at most the threshold. An outcome without a position is a miss. */
  readonly accuracy: Readonly<Record<ThresholdKm, Accuracy>>;
  /** Median and mean error of the outcomes with a position; absent if there are none. */
  readonly medianKm?: number;
  readonly meanKm?: number;
  /** Mean GeoScore of all n outcomes. An outcome without a position has GeoScore 0. */
  readonly geoScore: number;
  /**
   * Shares with the right country and the right city, among the rows whose true place is known; absent if there are
   * none.
   */
  readonly countryMatch?: Proportion;
  readonly cityMatch?: Proportion;
};

/** Fixed seed of the bootstrap intervals, so that the same file always gives the same numbers. */
const INTERVAL_SEED = 20_250_614;

export function measure(outcomes: readonly MeasuredOutcome[], { intervalsByOwner = true } = {}): Metrics | undefined {
  const n = outcomes.length;
  if (n === 0) return undefined;
  const distances = distancesOf(outcomes);
  const owners = intervalsByOwner ? ownersOf(outcomes) : undefined;
  const points = distances.reduce((sum, distance) => sum + geoScore(distance), 0);
  const medianKm = quantile(distances, 0.5);
  const meanKm = mean(distances as unknown as number[]);
  const countryMatch = shareOf(outcomes.map((measured) => measured.countryMatch));
  const cityMatch = shareOf(outcomes.map((measured) => measured.cityMatch));
  return {
    n,
    ...countKinds(outcomes),
    accuracy: accuracyOf({ distances, outcomes, owners }),
    ...defined({ medianKm, meanKm }),
    geoScore: points / n,
    ...defined({ countryMatch, cityMatch }),
  };
}

/** Distances of the located outcomes in km, ascending. */
export function distancesOf(outcomes: readonly MeasuredOutcome[]): Float64Array {
  const distances = outcomes.flatMap(({ distanceKm }) => (distanceKm === undefined ? [] : [distanceKm]));
  return Float64Array.from(distances).sort();
}

/** True if the prediction has a position within the threshold. All code uses this definition of a hit. */
export function isHit(measured: MeasuredOutcome, thresholdKm: number): boolean {
  return measured.distanceKm !== undefined && measured.distanceKm <= thresholdKm;
}

function accuracyOf({
  distances,
  outcomes,
  owners,
}: {
  distances: Float64Array;
  outcomes: readonly MeasuredOutcome[];
  owners: readonly string[] | undefined;
}): Record<ThresholdKm, Accuracy> {
  const byOwner =
    owners === undefined
      ? undefined
      : bootstrapMeans(
          THRESHOLDS_KM.map((threshold) => outcomes.map((measured) => Number(isHit(measured, threshold)))),
          { clusters: owners, generator: random(INTERVAL_SEED) },
        );
  const entries = THRESHOLDS_KM.map((threshold, index) => {
    const share = proportion(countUpTo(distances, threshold), outcomes.length)!;
    return [threshold, byOwner === undefined ? share : { ...share, byOwner: byOwner[index]! }] as const;
  });
  return Object.fromEntries(entries) as Record<ThresholdKm, Accuracy>;
}

function countKinds(outcomes: readonly MeasuredOutcome[]): Counts {
  const counts = { answered: 0, refused: 0, unparseable: 0, notGeocodable: 0, failed: 0 };
  for (const { outcome } of outcomes) counts[outcome.kind === 'located' ? 'answered' : outcome.kind] += 1;
  return counts;
}

/** Counts the values up to `limit`, by binary search. */
function countUpTo(ascending: Float64Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function shareOf(matches: readonly (boolean | undefined)[]): Proportion | undefined {
  const known = matches.filter((match) => match !== undefined);
  return proportion(known.filter(Boolean).length, known.length);
}

/** Returns the owner of each outcome. Undefined if an owner is unknown, or if no owner has several photos. */
function ownersOf(outcomes: readonly MeasuredOutcome[]): string[] | undefined {
  const owners = outcomes.flatMap(({ author }) => (author === undefined ? [] : [author]));
  return owners.length === outcomes.length && new Set(owners).size < owners.length ? owners : undefined;
}
