/**
 * Verifies claims with a vision-language model on any server. It asks one yes-or-no question per claim and reads the
 * probability of the first token. The questions about an image run together, so a server with a prefix cache encodes
 * the image once. Answers are cached, because the completions of a group make the same claims.
 */
import { LRUCache } from 'lru-cache';
import { type Claim, claimPhrase, type ClaimVerdict } from '../../grounding/claim.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { CLAIM_PROMPT_VERSION, CLAIM_SYSTEM, claimPrompt } from '../../prompts/claim-prompt.ts';
import { askYesNo } from '../ask-yes-no.ts';
import type { ClaimVerifier } from '../claim-verifier.ts';
import type { VisionModel } from '../vision-model.ts';

export type JudgeVerifierOptions = {
  /**
   * A claim counts as seen if the probability of yes is at least this value, and as contradicted if it is at most one
   * minus this value. All other claims are undecided.
   */
  readonly certainty?: number;
  /** Number of answers to draw if the model gives no log-probabilities. */
  readonly samples?: number;
};

/** Maximum number of verdicts in the cache. They take some tens of megabytes. */
const MAX_CACHED = 100_000;

/**
 * Creates a verifier from a model. The model itself limits the number of concurrent requests.
 *
 * @example
 * const verifier = judgeVerifier(model);
 * await verifier.verify(image, [{ thing: 'tram', attribute: 'yellow' }], { signal });
 */
export function judgeVerifier(
  model: VisionModel,
  { certainty = 0.6, samples = 8 }: JudgeVerifierOptions = {},
): ClaimVerifier {
  const cache = new LRUCache<string, Promise<ClaimVerdict>>({ max: MAX_CACHED });

  const decide = async (image: PreparedImage, prompt: string, signal: AbortSignal): Promise<ClaimVerdict> => {
    const answer = await askYesNo(model, { image, system: CLAIM_SYSTEM, prompt, samples, signal });
    if (answer.kind === 'neither') return { verdict: 'cannot tell', by: model.name };
    const { probability } = answer;
    const verdict = probability >= certainty ? 'seen' : probability <= 1 - certainty ? 'contradicted' : 'cannot tell';
    return { verdict, probability, by: model.name };
  };

  return {
    name: `judge/${model.name}/${CLAIM_PROMPT_VERSION}`,
    verify: (image, claims, { signal }) =>
      Promise.all(
        claims.map((claim: Claim) => {
          const prompt = claimPrompt(claimPhrase(claim), claim.sentence);
          const key = `${image.sha256}\n${prompt}`;
          const known = cache.get(key);
          if (known !== undefined) return known;
          const verdict = decide(image, prompt, signal);
          cache.set(key, verdict);
          // A failed request is removed from the cache, so that the next call with this claim asks the model again.
          verdict.catch(() => cache.delete(key));
          return verdict;
        }),
      ),
  };
}
