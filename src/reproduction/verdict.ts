/** The rule for what a paired test shows; the terminal, the pages and the tables use it. */
import type { PairedTest } from './results.ts';

export type Verdict = 'gain' | 'loss' | 'not shown';

/** Limit of p after Holm's correction. */
const SIGNIFICANT_P = 0.05;

/** An interval alone does not count: among many tests, one may exclude 0 by chance. */
export function verdictOf(
  { difference, pAdjusted }: Pick<PairedTest, 'difference' | 'pAdjusted'>,
  { lessIsBetter = false } = {},
): Verdict {
  if (pAdjusted >= SIGNIFICANT_P || difference === 0) return 'not shown';
  return difference > 0 === lessIsBetter ? 'loss' : 'gain';
}
