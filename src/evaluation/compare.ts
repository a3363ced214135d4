/**
 * Tests whether two methods differ on the same photos by more than chance. Only photos in both runs are compared, with
 * McNemar's exact test on hits and a paired bootstrap interval. If all owners are known and some have several photos,
 * whole owners are resampled.
 */
import { invalidInput } from '../core/errors.ts';
import type { GlobeError } from '../core/errors.ts';
import { random } from '../core/random.ts';
import {
  holmAdjusted,
  mcnemarClustered,
  mcnemarExact,
  mean,
  pairedBootstrapDifferences,
} from '../core/statistics/index.ts';
import type { Interval } from '../core/statistics/index.ts';
import { isHit } from './metrics.ts';
import type { MeasuredOutcome } from './outcome.ts';
import { geoScore, THRESHOLDS_KM } from './thresholds.ts';
import { finder } from './truth.ts';

export type ComparedRun = { readonly name: string; readonly outcomes: readonly MeasuredOutcome[] };

export type ThresholdComparison = {
  readonly thresholdKm: number;
  /**
   * Number of photos that only the first method placed within the threshold. `onlySecond` is the same for the second
   * method.
   */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /**
   * Accuracy of the second method minus that of the first, in percentage points. `low` and `high` are its 95 %
   * interval.
   */
  readonly differencePoints: number;
  readonly low: number;
  readonly high: number;
  /**
   * Two-sided p-value of McNemar's exact test. If whole owners are resampled, it is from the test's variant for
   * clusters.
   */
  readonly p: number;
  /** `p` with Holm's correction for the five thresholds. */
  readonly pAdjusted: number;
};

export type Comparison = {
  readonly first: string;
  readonly second: string;
  /** Number of photos in both runs. */
  readonly n: number;
  /**
   * Number of photos in the first run only. `onlyInSecond` is the same for the second run. These photos are not
   * compared.
   */
  readonly onlyInFirst: number;
  readonly onlyInSecond: number;
  /** Whether the bootstrap draws single photos, or all photos of an owner together. */
  readonly resampled: 'photos' | 'owners';
  readonly thresholds: readonly ThresholdComparison[];
  /** Mean GeoScore of the second method minus that of the first. */
  readonly geoScore: { readonly difference: number } & Interval;
};

const COMPARISON_SEED = 20_250_614;

/**
 * Compares two runs. Throws `invalid-input` if they have no photo in common, or different true positions for a photo.
 */
export function compare(first: ComparedRun, second: ComparedRun): Comparison {
  const pairs = pair(first, second);
  const owners = pairs.flatMap(([{ author }]) => (author === undefined ? [] : [author]));
  const clusters = owners.length === pairs.length && new Set(owners).size < owners.length ? owners : undefined;
  const measures = [
    ...THRESHOLDS_KM.map((km) => (measured: MeasuredOutcome) => 100 * Number(isHit(measured, km))),
    ({ distanceKm }: MeasuredOutcome) => (distanceKm === undefined ? 0 : geoScore(distanceKm)),
  ];
  const left = measures.map((value) => pairs.map(([a]) => value(a)));
  const right = measures.map((value) => pairs.map(([, b]) => value(b)));
  const intervals = pairedBootstrapDifferences(left, right, { generator: random(COMPARISON_SEED), clusters })!;
  const difference = (index: number): { difference: number } & Interval => ({
    difference: mean(right[index]!.map((value, i) => value - left[index]![i]!))!,
    ...intervals[index]!,
  });
  const tests = THRESHOLDS_KM.map((km, index) => {
    const onlyFirst = pairs.filter(([a, b]) => isHit(a, km) && !isHit(b, km)).length;
    const onlySecond = pairs.filter(([a, b]) => !isHit(a, km) && isHit(b, km)).length;
    const { difference: differencePoints, low, high } = difference(index);
    return {
      thresholdKm: km,
      onlyFirst,
      onlySecond,
      differencePoints,
      low,
      high,
      p: clusters === undefined ? mcnemarExact(onlyFirst, onlySecond) : mcnemarClustered(netByOwner(pairs, km)),
    };
  });
  const adjusted = holmAdjusted(tests.map(({ p }) => p));
  return {
    first: first.name,
    second: second.name,
    n: pairs.length,
    onlyInFirst: first.outcomes.length - pairs.length,
    onlyInSecond: second.outcomes.length - pairs.length,
    resampled: clusters === undefined ? 'photos' : 'owners',
    thresholds: tests.map((test, index) => ({ ...test, pAdjusted: adjusted[index]! })),
    geoScore: difference(THRESHOLDS_KM.length),
  };
}

/** For each owner, the number of photos that only the second run hits minus the number that only the first run hits. */
function netByOwner(pairs: readonly (readonly [MeasuredOutcome, MeasuredOutcome])[], km: number): number[] {
  const net = new Map<string, number>();
  for (const [a, b] of pairs) {
    net.set(a.author!, (net.get(a.author!) ?? 0) + Number(isHit(b, km)) - Number(isHit(a, km)));
  }
  return [...net.values()];
}

/** Throws `invalid-input` if a run has two answers for one photo, because such a photo cannot be paired. */
function assertDistinct({ name, outcomes }: ComparedRun): void {
  const ids = new Set<string>();
  for (const { id } of outcomes) {
    if (ids.has(id)) throw invalidInput(`${name} has the photo "${id}" twice.`, 'Keep one answer for each photo.');
    ids.add(id);
  }
}

function ambiguous({ name }: ComparedRun, { id }: MeasuredOutcome): GlobeError {
  return invalidInput(
    `Two photos of the first run match "${id}" of ${name}.`,
    'Use the same ids in both runs, because file names can repeat in different folders.',
  );
}

/**
 * Files may round the true position differently. If positions differ by more than this, the photos count as different.
 */
const SAME_TRUTH_DEGREES = 0.001;

function pair(first: ComparedRun, second: ComparedRun): [MeasuredOutcome, MeasuredOutcome][] {
  for (const run of [first, second]) assertDistinct(run);
  const find = finder(second.outcomes, ({ id }) => id);
  const taken = new Set<MeasuredOutcome>();
  const pairs = first.outcomes.flatMap((left): [MeasuredOutcome, MeasuredOutcome][] => {
    const right = find(left.id);
    if (right !== undefined && taken.has(right)) throw ambiguous(second, right);
    if (right !== undefined) taken.add(right);
    return right === undefined ? [] : [[left, right]];
  });
  if (pairs.length === 0) {
    throw invalidInput(
      `${first.name} and ${second.name} have no photo in common.`,
      'Compare runs over the same benchmark.',
    );
  }
  const odd = pairs.find(([a, b]) => {
    const [x, y] = [a.truth.coordinate, b.truth.coordinate];
    return (
      Math.abs(x.latitudeDegrees - y.latitudeDegrees) > SAME_TRUTH_DEGREES ||
      Math.abs(x.longitudeDegrees - y.longitudeDegrees) > SAME_TRUTH_DEGREES
    );
  });
  if (odd !== undefined) {
    throw invalidInput(
      `${first.name} and ${second.name} have different true positions for "${odd[0].id}".`,
      'Use the same id for the same photo, or score both runs against one --truth file.',
    );
  }
  return pairs;
}
