/** Smooths curves for the charts, because the values of single steps are noisy. */
import { mean } from '../../core/statistics/index.ts';

/** Each smoothed point is the mean over this share of the run's values. */
const WINDOW_SHARE = 1 / 12;

/** Replaces each value by the mean of the `window` values around it. Near the ends, the window shrinks evenly. */
export function movingMean(values: readonly number[], window = Math.round(values.length * WINDOW_SHARE)): number[] {
  const reach = Math.floor(window / 2);
  return values.map((_, i) => {
    const near = Math.min(reach, i, values.length - 1 - i);
    return mean(values.slice(i - near, i + near + 1))!;
  });
}
