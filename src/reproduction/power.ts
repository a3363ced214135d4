/**
 * The power of a comparison of two arms: the smallest true difference that a two-sided test finds with a given
 * probability, from the variance between training seeds and the variance between photos.
 */
import { mean } from '../core/statistics/index.ts';
import { clusterOf } from '../core/statistics/bootstrap.ts';
import type { Runs } from '../core/statistics/index.ts';

/** Standard normal quantiles of the registered tests: 1 − 0.05 / 3 / 2 (Bonferroni bound of Holm), and a power of 0.8. */
const [Z_TEST, Z_POWER] = [2.394, 0.842];

export type Variances = {
  /** Variance of a run's mean over photos between training seeds, summed over both arms with one seed each. */
  readonly seeds: number;
  /** Variance of the mean difference over photos, clusters of photos together, with many seeds. */
  readonly photos: number;
};

/**
 * Estimates both variances from runs of two arms on the same photos. An arm with one run counts as one without training
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

/** Unbiased variance; 0 for a single value. */
function sampleVariance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values)!;
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

export type Design = {
  /** Training seeds of each trained arm. */
  readonly seeds: number;
  /** Photos of the test in proportion to those that the variances come from. */
  readonly photoRatio: number;
};

/** The smallest difference, as a share, that the registered test detects with 80 % power. */
export function detectableDifference({ seeds, photos }: Variances, design: Design): number {
  return (Z_TEST + Z_POWER) * Math.sqrt(seeds / design.seeds + photos / design.photoRatio);
}

/** The smallest number of seeds that detects `difference`; undefined if the photos alone leave too much variance. */
export function seedsNeeded(
  { seeds, photos }: Variances,
  { difference, photoRatio }: { readonly difference: number; readonly photoRatio: number },
): number | undefined {
  const allowed = (difference / (Z_TEST + Z_POWER)) ** 2 - photos / photoRatio;
  return allowed <= 0 ? undefined : Math.max(2, Math.ceil(seeds / allowed));
}
