/**
 * Verifies claims with a vision-language model on any server: one yes-or-no question per claim, read from the
 * probability of the first token. The questions about an image run together, so a server with a prefix cache encodes the
 * image once. Answers are cached, because the completions of a group make the same claims.
 */
import { LRUCache } from 'lru-cache';
import { type Claim, claimPhrase, type ClaimVerdict } from '../../grounding/claim.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { CLAIM_PROMPT_VERSION, CLAIM_SYSTEM, claimPrompt } from '../../prompts/claim-prompt.ts';
import { askYesNo } from '../ask-yes-no.ts';
import type { ClaimVerifier } from '../claim-verifier.ts';
import type { VisionModel } from '../vision-model.ts';

export type JudgeVerifierOptions = {
  /** From this probability of yes a claim is seen, and up to one minus it contradicted. Between them, nobody can tell. */
  readonly certainty?: number;
  /** Number of answers to draw if the model gives no log-probabilities. */
  readonly samples?: number;
};

/** Number of verdicts in the cache, some tens of megabytes. */
const MAX_CACHED = 100_000;

/**
 * Creates a verifier from a model. The model limits its own requests in flight.
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
          // A failed request is not an answer, so the next one asks again.
          verdict.catch(() => cache.delete(key));
          return verdict;
        }),
      ),
  };
}
