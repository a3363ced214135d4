/** A proportion with its Wilson score interval, which is also valid at 0 %, at 100 % and for small samples. */
import { NORMAL_QUANTILE_95 } from './interval.ts';
import type { Interval } from './interval.ts';

export type Proportion = Interval & {
  /** The number of successes among `n`. */
  readonly hits: number;
  readonly n: number;
  /** hits / n, in [0, 1]. */
  readonly value: number;
};

/**
 * Returns hits / n with its 95 % Wilson score interval (Wilson 1927), without continuity correction. Undefined if n is
 * 0.
 */
export function proportion(hits: number, n: number): Proportion | undefined {
  if (n === 0) return undefined;
  const z2 = NORMAL_QUANTILE_95 ** 2;
  const value = hits / n;
  const centre = (value + z2 / (2 * n)) / (1 + z2 / n);
  const halfWidth = (NORMAL_QUANTILE_95 / (1 + z2 / n)) * Math.sqrt((value * (1 - value)) / n + z2 / (4 * n * n));
  return {
    hits,
    n,
    value,
    // At 0 % and 100 %, one bound is exactly 0 or 1. Rounding must not move it outside [0, 1].
    low: hits === 0 ? 0 : Math.max(0, centre - halfWidth),
    high: hits === n ? 1 : Math.min(1, centre + halfWidth),
  };
}
