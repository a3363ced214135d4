/**
 * Percentile bootstrap intervals (Efron) with a seeded generator that the caller passes. Photos by one owner are not
 * independent, because an album often shows one city. Owners can therefore be resampled as clusters, with all their
 * photos.
 */
import type { Random } from '../random.ts';
import { CONFIDENCE_LEVEL } from './interval.ts';
import type { Interval } from './interval.ts';
import { quantile } from './summary.ts';

/** Puts 50 resamples in each tail of 2.5 %. */
const BOOTSTRAP_RESAMPLES = 2000;

/**
 * Maximum number of draws. It reduces the number of resamples for very large samples, whose intervals are narrow. At
 * least 400 resamples remain (10 in each tail).
 */
const MAX_DRAWS = 20_000_000;
const MIN_RESAMPLES = 400;

export type BootstrapOptions = { readonly generator: Random; readonly resamples?: number };

export type ClusteredOptions = BootstrapOptions & { readonly clusters?: readonly string[] | undefined };

/**
 * Returns the 95 % intervals of several means over the same items, all from the same resamples. Column j contains value
 * j of every item. If `clusters[i]` names the owner of item i, owners are drawn with replacement, each with all its
 * items. Undefined if there are no items.
 */
export function bootstrapMeans(
  columns: readonly (readonly number[])[],
  { clusters, generator, ...options }: ClusteredOptions,
): Interval[] | undefined {
  const items = columns[0]?.length ?? 0;
  if (items === 0) return undefined;
  const { sums, counts } = totals(columns, clusterOf(items, clusters));
  const resamples = options.resamples ?? resamplesFor(counts.length);
  const means = columns.map(() => new Float64Array(resamples));
  for (let r = 0; r < resamples; r++) {
    let count = 0;
    for (let draw = 0; draw < counts.length; draw++) {
      const unit = generator.integer(counts.length);
      count += counts[unit]!;
      for (let j = 0; j < sums.length; j++) means[j]![r]! += sums[j]![unit]!;
    }
    for (const column of means) column[r]! /= count;
  }
  return means.map(percentiles);
}

/**
 * Returns the 95 % intervals of mean(b) − mean(a) for each column, for two methods measured on the same items. Each
 * draw uses the same items for both methods, so the variation that they share cancels out. Undefined if there are no
 * items.
 */
export function pairedBootstrapDifferences(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
  options: ClusteredOptions,
): Interval[] | undefined {
  const differences = a.map((column, j) => column.map((value, i) => b[j]![i]! - value));
  return bootstrapMeans(differences, options);
}

function resamplesFor(units: number): number {
  return Math.min(BOOTSTRAP_RESAMPLES, Math.max(MIN_RESAMPLES, Math.floor(MAX_DRAWS / units)));
}

/** For each item, returns the index of the unit to draw: the item itself or its cluster. */
export function clusterOf(items: number, clusters: readonly string[] | undefined): Int32Array {
  if (clusters === undefined) return Int32Array.from({ length: items }, (_, i) => i);
  const numbers = new Map<string, number>();
  return Int32Array.from(clusters, (cluster) => {
    const number = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, number);
    return number;
  });
}

/** For each unit, returns the sum of each column and the number of items. */
function totals(
  columns: readonly (readonly number[])[],
  units: Int32Array,
): { sums: Float64Array[]; counts: Float64Array } {
  const size = units.reduce((most, unit) => Math.max(most, unit), -1) + 1;
  const counts = new Float64Array(size);
  for (const unit of units) counts[unit]! += 1;
  const sums = columns.map((column) => {
    const sum = new Float64Array(size);
    for (const [i, value] of column.entries()) sum[units[i]!]! += value;
    return sum;
  });
  return { sums, counts };
}

function percentiles(values: Float64Array): Interval {
  const tail = (1 - CONFIDENCE_LEVEL) / 2;
  values.sort();
  return { low: quantile(values, tail)!, high: quantile(values, 1 - tail)! };
}
