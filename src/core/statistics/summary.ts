/** Summaries of a sample. Quantiles are of type 7, as in NumPy and R. */
import { quantileSorted } from 'simple-statistics';

/** Returns the arithmetic mean; undefined for an empty sample. */
export function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Returns the quantile at `probability` in [0, 1] of values in ascending order, with linear interpolation (type 7).
 * Undefined for an empty sample.
 */
export function quantile(ascending: ArrayLike<number>, probability: number): number | undefined {
  return ascending.length === 0 ? undefined : quantileSorted(ascending as number[], probability);
}

/** Returns the median of values in any order; undefined for an empty sample. */
export function median(values: Iterable<number>): number | undefined {
  return quantile(Float64Array.from(values).sort(), 0.5);
}
