/**
 * Summaries of a sample. The plain arithmetic comes from simple-statistics (compensated sums, type-7 quantiles as in
 * NumPy and R); this file gives it the project's contract: an empty sample has no summary, and says so as undefined.
 */
import { mean as meanOf, quantileSorted, sampleStandardDeviation } from 'simple-statistics';

/** Arithmetic mean; undefined for an empty sample. */
export function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : meanOf(values);
}

/** Standard error of the mean, s / √n with the sample standard deviation; undefined below two values. */
export function standardError(values: readonly number[]): number | undefined {
  return values.length < 2 ? undefined : sampleStandardDeviation(values) / Math.sqrt(values.length);
}

/**
 * The quantile at `probability` in [0, 1] of values in ascending order, linear between neighbours (type 7); undefined
 * for an empty sample.
 */
export function quantile(ascending: ArrayLike<number>, probability: number): number | undefined {
  return ascending.length === 0 ? undefined : quantileSorted(ascending as number[], probability);
}

/** Median of values in any order; undefined for an empty sample. */
export function median(values: Iterable<number>): number | undefined {
  return quantile(Float64Array.from(values).sort(), 0.5);
}
