/**
 * Length: DAPO's soft penalty for overlong completions, so that a policy does not learn to write up to its limit. It is 0
 * or negative, and counts only with a weight above 0.
 */
import { scored } from '../core/score.ts';
import { pureReward, type Reward } from './reward.ts';

export type LengthLimits = {
  /** The penalty is −1 from this length on. */
  readonly maxTokens: number;
  /** Tokens before the maximum over which the penalty falls from 0 to −1. */
  readonly bufferTokens: number;
};

/** Scripts without spaces between words count by character. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]|[\p{L}\p{M}\p{N}]+/gu;

/**
 * The soft overlong penalty of DAPO (arXiv 2503.14476, equation 13): 0 up to maximum − buffer tokens, then falling to
 * −1 at the maximum, and −1 beyond. Throws a RangeError unless the buffer is above 0 and at most the maximum.
 */
export function overlongPenalty(tokens: number, { maxTokens, bufferTokens }: LengthLimits): number {
  if (!(bufferTokens > 0 && bufferTokens <= maxTokens)) {
    throw new RangeError(`Invalid buffer of ${bufferTokens} tokens: it must be above 0 and at most ${maxTokens}.`);
  }
  const free = maxTokens - bufferTokens;
  return tokens <= free ? 0 : Math.max(-1, (free - tokens) / bufferTokens);
}

/**
 * Uses the completion's token count if the row has it. Otherwise counts words, which are fewer, so the penalty starts
 * later; a completion that was cut off then earns −1. `detail.unit` names the unit.
 */
export function lengthReward(limits: LengthLimits): Reward {
  const { maxTokens, bufferTokens } = limits;
  return pureReward(`length/soft-overlong/${maxTokens}-${bufferTokens}`, ({ completion, completionTokens, cutOff }) => {
    if (completionTokens !== undefined) {
      return scored(overlongPenalty(completionTokens, limits), { unit: 'tokens', length: completionTokens });
    }
    const words = completion.match(WORD)?.length ?? 0;
    return scored(cutOff === true ? -1 : overlongPenalty(words, limits), {
      unit: 'words',
      length: words,
      cutOff: cutOff === true,
    });
  });
}
