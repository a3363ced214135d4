/** Decides what a paired test shows. The terminal, the pages and the tables all use this rule. */
import type { PairedTest } from './results.ts';

export type Verdict = 'gain' | 'loss' | 'not shown';

/** Significance level for the p-value after Holm's correction. */
const SIGNIFICANT_P = 0.05;

/**
 * The corrected p-value decides. The interval does not, because it is not corrected: among many tests, some intervals
 * exclude 0 by chance.
 */
export function verdictOf(
  { difference, pAdjusted }: Pick<PairedTest, 'difference' | 'pAdjusted'>,
  { lessIsBetter = false } = {},
): Verdict {
  if (pAdjusted >= SIGNIFICANT_P || difference === 0) return 'not shown';
  return difference > 0 === lessIsBetter ? 'loss' : 'gain';
}
