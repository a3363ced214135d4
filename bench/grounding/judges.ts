/**
 * Verifiers that know the labels and err at a known rate. They test the score, not a judge: a real one errs in other
 * ways, and more on some claims than on others.
 */
import { random, seedFrom } from '../../src/core/random.ts';
import { type Claim, claimPhrase, type ClaimVerdict } from '../../src/grounding/claim.ts';

export type Judge = {
  readonly name: string;
  /** Probability of the verdict "seen" for a claim that is true, and for one that is false. */
  readonly seenIfTrue: number;
  readonly seenIfFalse: number;
};

export const JUDGES: readonly Judge[] = [
  { name: 'oracle', seenIfTrue: 1, seenIfFalse: 0 },
  { name: 'errs in 10 % of claims', seenIfTrue: 0.9, seenIfFalse: 0.1 },
  { name: 'biased to yes', seenIfTrue: 0.99, seenIfFalse: 0.3 },
];

/** The same claim about the same photo has the same verdict, as from a judge at temperature 0. */
export function verdictOf(
  claim: Claim,
  { judge, isTrue, seed }: { readonly judge: Judge; readonly isTrue: boolean | undefined; readonly seed: string },
): ClaimVerdict {
  if (isTrue === undefined) return { verdict: 'cannot tell' };
  const draw = random(seedFrom(`${seed}:${claimPhrase(claim)}`)).next();
  return { verdict: draw < (isTrue ? judge.seenIfTrue : judge.seenIfFalse) ? 'seen' : 'contradicted' };
}
