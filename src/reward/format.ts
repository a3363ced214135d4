/** The reward of form: the exact tags that the prompt asks for. */
import { completionParts } from '../core/answer-grammar.ts';
import { scored } from '../core/score.ts';
import { pureReward, type Reward } from './reward.ts';

/** 1 for <think>…</think><answer>…</answer> once, in order, alone; else 0. The released code's extra reward, made strict. */
export function formatReward(): Reward {
  return pureReward('format/strict', ({ completion }) => scored(completionParts(completion).wellFormed ? 1 : 0));
}
