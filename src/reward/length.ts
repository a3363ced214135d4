/**
 * Length: DAPO's soft penalty for completions that run long, so that a policy does not learn to write up to its limit.
 * It is 0 or below; a weight above 0 makes it count.
 */
import { scored } from '../core/score.ts';
import { pureReward, type Reward } from './reward.ts';

export type LengthLimits = {
  /** From here on the penalty is −1. */
  readonly maxTokens: number;
  /** Tokens before the maximum over which it grows from 0 to −1. */
  readonly bufferTokens: number;
};

/** Scripts that put no spaces between words count by character. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]|[\p{L}\p{M}\p{N}]+/gu;

/**
 * The soft overlong penalty of DAPO (arXiv 2503.14476, equation 13): 0 up to maximum − buffer tokens, then falling to
 * −1 at the maximum, −1 beyond. Throws a RangeError for a buffer that is not within the maximum.
 */
export function overlongPenalty(tokens: number, { maxTokens, bufferTokens }: LengthLimits): number {
  if (!(bufferTokens > 0 && bufferTokens <= maxTokens)) {
    throw new RangeError(`A buffer of ${bufferTokens} tokens does not fit a maximum of ${maxTokens}.`);
  }
  const free = maxTokens - bufferTokens;
  return tokens <= free ? 0 : Math.max(-1, (free - tokens) / bufferTokens);
}

/**
 * Counts the completion's tokens where the row says how many they are. Otherwise its words, which are fewer than its
 * tokens, so that the penalty begins later; one that was cut off has no length then, and −1. `detail.unit` says which.
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
