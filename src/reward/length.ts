/**
 * The length reward: DAPO's soft penalty for overlong completions, which discourages completions near the token limit.
 * The reward is 0 or negative.
 */
import { scored } from '../core/score.ts';
import { pureReward, type Reward } from './reward.ts';

export type LengthLimits = {
  /** Completions of this length or more get the full penalty, −1. */
  readonly maxTokens: number;
  /** The penalty falls from 0 to −1 over this many tokens before the maximum. */
  readonly bufferTokens: number;
};

/** Matches a word. In scripts without spaces between words, each character is a match. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]|[\p{L}\p{M}\p{N}]+/gu;

/**
 * The soft overlong penalty of DAPO (arXiv 2503.14476, equation 13). It is 0 up to maximum − buffer tokens, falls
 * linearly to −1 at the maximum, and stays −1 beyond. Throws a RangeError unless the buffer is above 0 and at most the
 * maximum.
 */
export function overlongPenalty(tokens: number, { maxTokens, bufferTokens }: LengthLimits): number {
  if (!(bufferTokens > 0 && bufferTokens <= maxTokens)) {
    throw new RangeError(`Invalid buffer of ${bufferTokens} tokens: it must be above 0 and at most ${maxTokens}.`);
  }
  const free = maxTokens - bufferTokens;
  return tokens <= free ? 0 : Math.max(-1, (free - tokens) / bufferTokens);
}

/**
 * Creates the length reward. It uses the row's token count if there is one, and otherwise counts words. A text has
 * fewer words than tokens, so a penalty on words starts later. If words are counted, a completion that was cut off at
 * its token limit always gets −1. `detail.unit` names the unit.
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
