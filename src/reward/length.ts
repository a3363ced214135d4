/**
 * The length reward: DAPO's soft penalty for overlong completions, which keeps a policy from writing up to its limit.
 * The reward is 0 or negative, and counts only if its weight is above 0.
 */
import { scored } from '../core/score.ts';
import { pureReward, type Reward } from './reward.ts';

export type LengthLimits = {
  /** The penalty is −1 from this length on. */
  readonly maxTokens: number;
  /** The penalty falls from 0 to −1 over this many tokens before the maximum. */
  readonly bufferTokens: number;
};

/** Matches a word, or one character of a script that has no spaces between words. */
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
 * Uses the completion's token count if the row has one. Otherwise it counts words: a text has fewer words than tokens,
 * so the penalty starts later, but a completion that was cut off earns −1. `detail.unit` names the unit that was
 * counted.
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
