/**
 * Percentile bootstrap intervals (Efron), seeded by the caller's generator. Photos of one owner are not independent
 * (an album sits in one city), so the resampled unit may be a cluster: then whole owners are drawn, with all their photos.
 */
import type { Random } from '../random.ts';
import { CONFIDENCE_LEVEL } from './interval.ts';
import type { Interval } from './interval.ts';
import { quantile } from './summary.ts';

/** Enough that the 2.5 % ends rest on 50 resamples each. */
export const BOOTSTRAP_RESAMPLES = 2000;

export type BootstrapOptions = { readonly generator: Random; readonly resamples?: number };

/** The 95 % interval of a mean by resampling single values. Undefined for an empty sample. */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions): Interval | undefined {
  return bootstrapRatio(values, new Float64Array(values.length).fill(1), options);
}

/**
 * The 95 % interval of a mean where `clusters[i]` names the owner of `values[i]`: owners are drawn with replacement.
 * Undefined for an empty sample.
 */
export function clusteredBootstrapMean(
  values: readonly number[],
  { clusters, ...options }: BootstrapOptions & { readonly clusters: readonly string[] },
): Interval | undefined {
  const { sums, counts } = totalsByCluster(values, clusters);
  return bootstrapRatio(sums, counts, options);
}

/**
 * The 95 % interval of mean(b) − mean(a) of two methods measured on the same items: items (or their owners, where
 * `clusters` is given) are drawn once for both, so what the items share cancels. Undefined for an empty sample.
 */
export function pairedBootstrapDifference(
  a: readonly number[],
  b: readonly number[],
  { clusters, ...options }: BootstrapOptions & { readonly clusters?: readonly string[] },
): Interval | undefined {
  const differences = a.map((value, i) => b[i]! - value);
  return clusters === undefined
    ? bootstrapMean(differences, options)
    : clusteredBootstrapMean(differences, { ...options, clusters });
}

function totalsByCluster(values: readonly number[], clusters: readonly string[]): { sums: number[]; counts: number[] } {
  const indexOf = new Map<string, number>();
  const sums: number[] = [];
  const counts: number[] = [];
  for (const [i, cluster] of clusters.entries()) {
    const known = indexOf.get(cluster);
    const index = known ?? sums.length;
    if (known === undefined) indexOf.set(cluster, index);
    sums[index] = (sums[index] ?? 0) + values[i]!;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return { sums, counts };
}

/** Resamples units (a sum and a count each) and takes Σ sums / Σ counts of every resample. */
function bootstrapRatio(
  sums: ArrayLike<number>,
  counts: ArrayLike<number>,
  { generator, resamples = BOOTSTRAP_RESAMPLES }: BootstrapOptions,
): Interval | undefined {
  const units = sums.length;
  if (units === 0) return undefined;
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let count = 0;
    for (let u = 0; u < units; u++) {
      const drawn = generator.integer(units);
      sum += sums[drawn]!;
      count += counts[drawn]!;
    }
    means[r] = sum / count;
  }
  means.sort();
  const tail = (1 - CONFIDENCE_LEVEL) / 2;
  return { low: quantile(means, tail)!, high: quantile(means, 1 - tail)! };
}
