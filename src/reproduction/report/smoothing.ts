/** Curves of single steps are noisy: what the charts draw through them. */
import { mean } from '../../core/statistics/index.ts';

/** Part of a run that each point is averaged over. */
const SHARE = 1 / 12;

/** The mean over `window` values around each one; at the ends over as many as there are on both sides. */
export function movingMean(values: readonly number[], window = Math.round(values.length * SHARE)): number[] {
  const reach = Math.floor(window / 2);
  return values.map((_, i) => {
    const near = Math.min(reach, i, values.length - 1 - i);
    return mean(values.slice(i - near, i + near + 1))!;
  });
}
