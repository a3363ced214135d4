/** Rewards of form: the exact tags that the prompt asks for, and a length that fits. */
import { completionParts } from '../core/answer-grammar.ts';
import { scored } from '../core/score.ts';
import { pureReward, type Reward } from './reward.ts';

/** 1 for <think>…</think><answer>…</answer> once, in order, alone; else 0. The released code's extra reward, made strict. */
export function formatReward(): Reward {
  return pureReward('format/strict', ({ completion }) => scored(completionParts(completion).wellFormed ? 1 : 0));
}

/**
 * The soft overlong penalty of DAPO (arXiv 2503.14476, equation 13): 0 up to maximum − buffer tokens, then falling to
 * −1 at the maximum, −1 beyond. Throws a RangeError for a buffer that is not within the maximum.
 */
export function overlongPenalty({
  tokens,
  maximumTokens,
  bufferTokens,
}: {
  readonly tokens: number;
  readonly maximumTokens: number;
  readonly bufferTokens: number;
}): number {
  if (!(bufferTokens > 0 && bufferTokens <= maximumTokens)) {
    throw new RangeError(`A buffer of ${bufferTokens} tokens does not fit a maximum of ${maximumTokens}.`);
  }
  const free = maximumTokens - bufferTokens;
  return tokens <= free ? 0 : Math.max(-1, (free - tokens) / bufferTokens);
}
