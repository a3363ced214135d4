/**
 * The visual grounding reward of mode `verified`. Every claim of the reasoning text is checked against the image. A
 * contradicted claim costs as much as a seen claim earns (`grounding/claim-score.ts`). The paper's formula counts only
 * things for which the segmentation has a class, and it cannot contradict an attribute.
 */
import { defined } from '../core/defined.ts';
import { messageOf } from '../core/errors.ts';
import { type Score, scored, unscored } from '../core/score.ts';
import { type Claim, claimPhrase, type ClaimVerdict } from '../grounding/claim.ts';
import { claimScore, type ClaimScoreOptions } from '../grounding/claim-score.ts';
import { elementVerdicts, type ElementVerdictOptions } from '../grounding/element-verdicts.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { isTemporary } from '../vision/is-temporary.ts';
import type { ClaimVerifier } from '../vision/claim-verifier.ts';
import { repeatedShare } from './repetition.ts';
import type { Reward, RewardDetail, RewardInput } from './reward.ts';
import { DEFAULT_GUARDS, reasoningOf } from './visual-grounding.ts';

export type VerifiedGroundingOptions = {
  readonly grounder: Pick<Grounder, 'claims'>;
  /** Decides about claims by the row's image. If it is absent, the row's elements and texts decide. */
  readonly verifier?: ClaimVerifier;
  /** The labels that the rows' elements can have. Without them, a missing label never contradicts a claim. */
  readonly vocabulary?: ElementVerdictOptions['vocabulary'];
  readonly score?: ClaimScoreOptions;
};

/**
 * Creates the reward, in [−1, 1]. A reasoning text without claims gets 0. With a verifier, a row is unscored if it has
 * no image or if the verifier fails. Without a verifier, a row is unscored if it has no elements.
 *
 * @example
 * verifiedGrounding({ grounder: await openGrounder(), verifier: judgeVerifier(model) });
 */
export function verifiedGrounding(options: VerifiedGroundingOptions): Reward {
  const { grounder, verifier } = options;
  const one = async (input: RewardInput, signal: AbortSignal): Promise<Score<RewardDetail>> => {
    const reasoning = reasoningOf(input.completion);
    const claims = grounder.claims(reasoning);
    try {
      const verdicts = await verdictsOf(claims, input, { ...options, signal });
      if (typeof verdicts === 'string') return unscored(verdicts);
      const { value, ...counts } = claimScore(claims, verdicts, options.score);
      const guard = value > 0 ? freshness(reasoning) : 1;
      return scored(value * guard, { ...counts, guard, claims: claims.map((claim, i) => report(claim, verdicts[i]!)) });
    } catch (error) {
      if (signal.aborted) throw error;
      return unscored(`the verifier gave no answer: ${messageOf(error)}`, { temporary: isTemporary(error) });
    }
  };
  return {
    name: `visual/verified/${verifier === undefined ? 'elements' : verifier.name}`,
    score: (batch, { signal }) => Promise.all(batch.map((input) => one(input, signal))),
  };
}

/** Returns the verdicts, or the reason why the row cannot be scored. */
async function verdictsOf(
  claims: readonly Claim[],
  { image, elements, texts }: RewardInput,
  { verifier, vocabulary, signal }: VerifiedGroundingOptions & { readonly signal: AbortSignal },
): Promise<ClaimVerdict[] | string> {
  if (verifier !== undefined) {
    if (image === undefined) return 'the row has no image for the verifier';
    return claims.length === 0 ? [] : verifier.verify(image, claims, { signal });
  }
  if (elements === undefined) return 'the row does not list what the image shows (elements), and no verifier is set';
  return elementVerdicts(claims, { elements, ...defined({ texts }) }, defined({ vocabulary }));
}

/**
 * Returns a factor that falls linearly from 1 to 0 as the text repeats itself, as in mode `paper`. The caller applies
 * it only to positive scores.
 */
function freshness(reasoning: string): number {
  const { repeatedShareAllowed } = DEFAULT_GUARDS;
  const excess = Math.max(0, repeatedShare(reasoning) - repeatedShareAllowed);
  return 1 - excess / (1 - repeatedShareAllowed);
}

const report = (claim: Claim, { verdict, probability, by, onlyThing }: ClaimVerdict): RewardDetail => ({
  claim: claimPhrase(claim),
  verdict,
  ...defined({ probability, by, onlyThing }),
});
