/** Smooths curves for the charts, because the values of single steps are noisy. */
import { mean } from '../../core/statistics/index.ts';

/** Width of the smoothing window, as a share of the number of values. */
const WINDOW_SHARE = 1 / 12;

/**
 * Replaces each value by the mean of the `window` values around it. Near the ends of the list, the window is smaller,
 * but still symmetric.
 */
export function movingMean(values: readonly number[], window = Math.round(values.length * WINDOW_SHARE)): number[] {
  const reach = Math.floor(window / 2);
  return values.map((_, i) => {
    const near = Math.min(reach, i, values.length - 1 - i);
    return mean(values.slice(i - near, i + near + 1))!;
  });
}
