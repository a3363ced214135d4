/**
 * Simulated verifiers that know the labels and are wrong at a known rate. They test the score, not a judge. A real
 * judge makes other kinds of errors, and more of them on some claims than on others.
 */
import { random, seedFrom } from '../../src/core/random.ts';
import { type Claim, claimPhrase, type ClaimVerdict } from '../../src/grounding/claim.ts';

export type Judge = {
  readonly name: string;
  /** `seenIfTrue` is the probability of the verdict "seen" for a true claim, `seenIfFalse` for a false claim. */
  readonly seenIfTrue: number;
  readonly seenIfFalse: number;
};

export const JUDGES: readonly Judge[] = [
  { name: 'oracle', seenIfTrue: 1, seenIfFalse: 0 },
  { name: 'errs in 10 % of claims', seenIfTrue: 0.9, seenIfFalse: 0.1 },
  { name: 'biased to yes', seenIfTrue: 0.99, seenIfFalse: 0.3 },
];

/**
 * Returns the verdict on a claim. As from a judge at temperature 0, the same claim about the same photo always gets the
 * same verdict.
 */
export function verdictOf(
  claim: Claim,
  { judge, isTrue, seed }: { readonly judge: Judge; readonly isTrue: boolean | undefined; readonly seed: string },
): ClaimVerdict {
  if (isTrue === undefined) return { verdict: 'cannot tell' };
  const draw = random(seedFrom(`${seed}:${claimPhrase(claim)}`)).next();
  return { verdict: draw < (isTrue ? judge.seenIfTrue : judge.seenIfFalse) ? 'seen' : 'contradicted' };
}
