/**
 * Verifies claims about a drawing by the truth of the generated world, through the interface of a real verifier. An
 * option makes the verifier err in a known share of the claims, as real models do.
 */
import { random as seeded, seedFrom } from '../../core/random.ts';
import { claimPhrase, type ClaimVerdict } from '../../grounding/claim.ts';
import { elementVerdicts } from '../../grounding/element-verdicts.ts';
import type { ClaimVerifier } from '../../vision/claim-verifier.ts';
import type { World } from '../world.ts';

export type TruthVerifierOptions = {
  /** Probability that a verdict is the opposite of the truth. The same claim gets the same verdict each time. */
  readonly errs?: number;
};

/** Creates the verifier. Its `verify` throws `not-found` for an image that is not from this world. */
export function truthVerifier(world: World, { errs = 0 }: TruthVerifierOptions = {}): ClaimVerifier {
  return {
    name: errs === 0 ? 'miniature-truth' : `miniature-truth, wrong in ${errs} of the claims`,
    verify: async (image, claims, { signal }) => {
      signal.throwIfAborted();
      const { id, elements } = world.sceneOf(image);
      const verdicts = elementVerdicts(claims, { elements }, { vocabulary: 'complete' });
      return Promise.resolve(
        verdicts.map((verdict, i): ClaimVerdict => {
          const isWrong = seeded(seedFrom(`${id}:${claimPhrase(claims[i]!)}:verifier`)).next() < errs;
          if (!isWrong || verdict.verdict === 'cannot tell') return verdict;
          return { verdict: verdict.verdict === 'seen' ? 'contradicted' : 'seen' };
        }),
      );
    },
  };
}
