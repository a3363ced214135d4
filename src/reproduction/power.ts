/**
 * Computes the power of a comparison of two arms: the smallest true difference that a two-sided test detects with a
 * given probability. The power depends on the variance between training seeds and the variance between photos.
 */
import { mean } from '../core/statistics/index.ts';
import { clusterOf } from '../core/statistics/bootstrap.ts';
import type { Runs } from '../core/statistics/index.ts';

/**
 * Quantiles of the standard normal distribution for the registered tests: of 1 − 0.05 / 3 / 2 for the significance
 * level (Holm's strictest level for three tests), and of 0.8 for the power.
 */
const [Z_TEST, Z_POWER] = [2.394, 0.842];

export type Variances = {
  /**
   * Variance, between training seeds, of a run's mean over the photos. It is the sum over both arms, for one seed each.
   */
  readonly seeds: number;
  /**
   * Variance of the mean difference that comes from the choice of photos, for many seeds. Photos of a cluster are drawn
   * together.
   */
  readonly photos: number;
};

/**
 * Estimates both variances from runs of two arms on the same photos. An arm with a single run adds no variance between
 * seeds. Throws a RangeError if neither arm has two runs.
 */
export function variancesOf(a: Runs, b: Runs, clusters: readonly string[]): Variances {
  const seeds = [a, b].reduce((sum, runs) => sum + sampleVariance(runs.map((run) => mean(run)!)), 0);
  if (a.length < 2 && b.length < 2) throw new RangeError('The variance between seeds needs two runs of an arm.');
  const items = a[0]!.length;
  const difference = Array.from({ length: items }, (_, i) => average(b, i) - average(a, i));
  const centre = mean(difference)!;
  const units = clusterOf(items, clusters);
  const sums = new Map<number, number>();
  for (const [i, unit] of units.entries()) sums.set(unit, (sums.get(unit) ?? 0) + difference[i]! - centre);
  const total = [...sums.values()].reduce((sum, value) => sum + value * value, 0);
  return { seeds, photos: (total / items ** 2) * (sums.size / Math.max(1, sums.size - 1)) };
}

const average = (runs: Runs, i: number): number => runs.reduce((sum, run) => sum + run[i]!, 0) / runs.length;

/** Returns the unbiased sample variance, or 0 for a single value. */
function sampleVariance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values)!;
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

export type Design = {
  /** Number of training seeds of each trained arm. */
  readonly seeds: number;
  /** Number of photos in the planned test, divided by the number of photos that the variances were estimated from. */
  readonly photoRatio: number;
};

/** Returns the smallest difference, as a share, that a registered test detects with 80 % power. */
export function detectableDifference({ seeds, photos }: Variances, design: Design): number {
  return (Z_TEST + Z_POWER) * Math.sqrt(seeds / design.seeds + photos / design.photoRatio);
}

/**
 * Returns the smallest number of seeds with which a test detects `difference`. Returns undefined if no number is
 * enough, because the variance between photos is too large.
 */
export function seedsNeeded(
  { seeds, photos }: Variances,
  { difference, photoRatio }: { readonly difference: number; readonly photoRatio: number },
): number | undefined {
  const allowed = (difference / (Z_TEST + Z_POWER)) ** 2 - photos / photoRatio;
  return allowed <= 0 ? undefined : Math.max(2, Math.ceil(seeds / allowed));
}
