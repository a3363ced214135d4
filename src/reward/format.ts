/** The format reward, which checks for the tags that the prompt requests. */
import { completionParts } from '../core/answer-grammar.ts';
import { scored } from '../core/score.ts';
import { pureReward, type Reward } from './reward.ts';

/**
 * Creates the reward: 1 if the completion is exactly <think>…</think><answer>…</answer>, else 0. `referenceFormat`,
 * from the released code, accepts more completions.
 */
export function formatReward(): Reward {
  return pureReward('format/strict', ({ completion }) => scored(completionParts(completion).wellFormed ? 1 : 0));
}
