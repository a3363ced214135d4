/** Smooths the noisy curves of single steps for the charts. */
import { mean } from '../../core/statistics/index.ts';

/** Share of a run that each point averages over. */
const SHARE = 1 / 12;

/** The mean over `window` values around each one; near the ends over fewer, the same number on both sides. */
export function movingMean(values: readonly number[], window = Math.round(values.length * SHARE)): number[] {
  const reach = Math.floor(window / 2);
  return values.map((_, i) => {
    const near = Math.min(reach, i, values.length - 1 - i);
    return mean(values.slice(i - near, i + near + 1))!;
  });
}
