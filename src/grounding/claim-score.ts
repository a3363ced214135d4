/**
 * The score of verified claims. A claim that tells much about the place and that the photo shows raises the score. A
 * claim that the photo contradicts lowers it by the same amount.
 *
 *     score = Σ w·v / max(Σ w, enough) · min(1, coverage / minCoverage) · few
 *     coverage = Σ w / Σ_all w₀
 *     few = min(1, mostClaims / n) if Σ w·v > 0, else 1
 *
 * The sums Σ run over the decided claims, Σ_all over all n claims. w₀ is the informativeness of a claim. w equals w₀,
 * or the informativeness of the bare thing if the verifier found only the thing. v is 1 for a seen claim and −1 for a
 * contradicted one. Undecided claims only reduce the coverage. `enough` is the weight of decided claims that a full
 * score requires. If a text has only vague claims or bare lists, their small w keeps the score near 0. Without decided
 * claims, the score is 0. A long list does not soften the cost of contradictions, so `few` applies to positive scores
 * only. The formula is our choice.
 */
import type { Claim, ClaimVerdict } from './claim.ts';
import { informativeness } from './informativeness.ts';

export type ClaimScoreOptions = {
  /**
   * The weight of decided claims that earns the full score. The default is the weight of two claims of the greatest
   * informativeness.
   */
  readonly enough?: number;
  /** Minimum share of the claims' weight that must be decided. Below it, the score shrinks in proportion. */
  readonly minCoverage?: number;
  /** Above this number of claims, a positive score shrinks in proportion. Listing everything therefore does not pay. */
  readonly mostClaims?: number;
};

const CLAIM_SCORE_DEFAULTS = { enough: 2, minCoverage: 0.5, mostClaims: 20 } as const;

export type ClaimScore = {
  /** In [−1, 1]. */
  readonly value: number;
  /** Share of the claims' weight that the verifier could decide, in [0, 1]; 0 without claims. */
  readonly coverage: number;
  readonly seen: number;
  readonly contradicted: number;
  readonly undecided: number;
  /** Total weight of the decided claims. */
  readonly decidedWeight: number;
};

/**
 * Scores claims. `verdicts` contains the verdict of each claim, in the same order. Without claims, the score is 0.
 *
 * @example
 * claimScore([{ thing: 'road sign', attribute: 'yellow' }], [{ verdict: 'seen' }]).value; // 0.5: one telling claim
 */
export function claimScore(
  claims: readonly Claim[],
  verdicts: readonly ClaimVerdict[],
  options: ClaimScoreOptions = {},
): ClaimScore {
  const { enough, minCoverage, mostClaims } = { ...CLAIM_SCORE_DEFAULTS, ...options };
  let [sum, decided, all] = [0, 0, 0];
  const counts = { seen: 0, contradicted: 0, 'cannot tell': 0 };
  for (const [i, claim] of claims.entries()) {
    const { verdict, onlyThing } = verdicts[i]!;
    const weight = informativeness(claim);
    counts[verdict] += 1;
    all += weight.whole;
    if (verdict === 'cannot tell') continue;
    const known = onlyThing === true ? Math.min(weight.thing, weight.whole) : weight.whole;
    decided += known;
    sum += verdict === 'seen' ? known : -known;
  }
  const coverage = all === 0 ? 0 : decided / all;
  const covered = minCoverage === 0 ? 1 : Math.min(1, coverage / minCoverage);
  const few = sum > 0 ? Math.min(1, mostClaims / claims.length) : 1;
  return {
    value: decided === 0 ? 0 : (sum / Math.max(decided, enough)) * covered * few,
    coverage,
    seen: counts.seen,
    contradicted: counts.contradicted,
    undecided: counts['cannot tell'],
    decidedWeight: decided,
  };
}
