/** The format reward: it requires the exact tags that the prompt requests. */
import { completionParts } from '../core/answer-grammar.ts';
import { scored } from '../core/score.ts';
import { pureReward, type Reward } from './reward.ts';

/** 1 for exactly <think>…</think><answer>…</answer>, else 0. The format reward of the released code is less strict. */
export function formatReward(): Reward {
  return pureReward('format/strict', ({ completion }) => scored(completionParts(completion).wellFormed ? 1 : 0));
}
