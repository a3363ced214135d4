/**
 * Bootstrap over two sources of variation: items (photos, clustered by owner) and runs (training runs with different
 * seeds). Each resample draws one set of owners for all methods, but draws the runs separately for each method. From R
 * runs, it draws R − 1 with replacement, which makes the estimated variance between runs unbiased (Rao and Wu 1988).
 * With a single run, the interval covers only the variation of the items. Resampling cannot compensate for a small
 * number of runs.
 */
import type { Random } from '../random.ts';
import { clusterOf } from './bootstrap.ts';
import { CONFIDENCE_LEVEL } from './interval.ts';
import type { Interval } from './interval.ts';
import { mean, quantile } from './summary.ts';

/** Large enough that a p-value of 0.001 is based on about five resamples. */
export const CROSSED_RESAMPLES = 10_000;

/** Row r contains the value of every item in run r. All rows have equal length. */
export type Runs = readonly (readonly number[])[];

export type CrossedOptions = {
  readonly generator: Random;
  /** The owner of each item. If absent, every item is its own cluster. */
  readonly clusters?: readonly string[] | undefined;
  readonly resamples?: number;
};

export type CrossedDifference = Interval & {
  /** Mean of b minus mean of a. */
  readonly value: number;
  /**
   * Two-sided p-value: 2 · (c + 1) / (resamples + 1), at most 1. c is the number of resampled differences ≤ 0 or the
   * number ≥ 0, whichever is smaller.
   */
  readonly p: number;
};

/**
 * Returns the mean over runs and items with its 95 % interval, for several measures of one method (same runs, same
 * items).
 */
export function crossedMeans(
  measures: readonly Runs[],
  { generator, clusters, resamples = CROSSED_RESAMPLES }: CrossedOptions,
): (Interval & { readonly value: number })[] {
  const draws = resample([measures], { generator, clusters, resamples });
  return measures.map((runs, j) => ({ value: grandMean(runs), ...percentiles(draws[0]![j]!.toSorted()) }));
}

/** Returns the mean of b minus the mean of a, for several measures of two methods on the same items. */
export function crossedDifferences(
  a: readonly Runs[],
  b: readonly Runs[],
  { generator, clusters, resamples = CROSSED_RESAMPLES }: CrossedOptions,
): CrossedDifference[] {
  const [left, right] = resample([a, b], { generator, clusters, resamples });
  return a.map((runs, j) => {
    const differences = left![j]!.map((value, i) => right![j]![i]! - value).toSorted();
    const below = differences.reduce((count, value) => count + (value <= 0 ? 1 : 0), 0);
    const above = differences.reduce((count, value) => count + (value >= 0 ? 1 : 0), 0);
    return {
      value: grandMean(b[j]!) - grandMean(runs),
      ...percentiles(differences),
      p: Math.min(1, (2 * (Math.min(below, above) + 1)) / (resamples + 1)),
    };
  });
}

/** For each method, each measure and each resample, returns the mean over the drawn items and runs. */
function resample(
  methods: readonly (readonly Runs[])[],
  { generator, clusters, resamples }: Required<Pick<CrossedOptions, 'generator' | 'resamples'>> & CrossedOptions,
): Float64Array[][] {
  const items = methods[0]?.[0]?.[0]?.length ?? 0;
  if (items === 0) throw new RangeError('A bootstrap needs at least one item.');
  const units = clusterOf(items, clusters);
  const unitCount = 1 + units.reduce((most, unit) => Math.max(most, unit), -1);
  const sizes = new Float64Array(unitCount);
  for (const unit of units) sizes[unit]! += 1;
  const sums = methods.map((measures) =>
    measures.map((runs) => runs.map((values) => sumsOf(values, units, unitCount))),
  );
  const draws = methods.map((measures) => measures.map(() => new Float64Array(resamples)));
  const weights = new Float64Array(unitCount);
  for (let i = 0; i < resamples; i++) {
    weights.fill(0);
    for (let draw = 0; draw < unitCount; draw++) weights[generator.integer(unitCount)]! += 1;
    const count = dot(weights, sizes);
    for (const [m, measures] of sums.entries()) {
      const chosen = drawRuns(measures[0]!.length, generator);
      for (const [j, runs] of measures.entries()) {
        const total = chosen.reduce((sum, r) => sum + dot(weights, runs[r]!), 0);
        draws[m]![j]![i] = total / (count * chosen.length);
      }
    }
  }
  return draws;
}

function drawRuns(runs: number, generator: Random): number[] {
  return runs === 1 ? [0] : Array.from({ length: runs - 1 }, () => generator.integer(runs));
}

function sumsOf(values: readonly number[], units: Int32Array, unitCount: number): Float64Array {
  const sums = new Float64Array(unitCount);
  for (const [i, value] of values.entries()) sums[units[i]!]! += value;
  return sums;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

const grandMean = (runs: Runs): number => mean(runs.flat())!;

function percentiles(ascending: Float64Array): Interval {
  const tail = (1 - CONFIDENCE_LEVEL) / 2;
  return { low: quantile(ascending, tail)!, high: quantile(ascending, 1 - tail)! };
}
