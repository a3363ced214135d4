import { describe, expect, it } from 'vitest';
import { answerTokens } from '../nano/chat-template.ts';
import { openTokenizer, tokenizerDocument } from '../nano/tokenizer/tokenizer.ts';
import { trainBpe } from '../nano/tokenizer/train-bpe.ts';
import { locateTarget } from '../prompts/locate-prompt.ts';
import type { CombinedReward } from '../reward/combine.ts';
import type { RewardInput } from '../reward/reward.ts';
import { rollOut } from './rollout.ts';
import type { TrainingExample } from './training-example.ts';

const target = locateTarget({ reasoning: 'A red tram.', country: 'Czechia', city: 'Prague' });
const tokenizer = openTokenizer(tokenizerDocument(trainBpe([target], { vocabularySize: 300 })), 'test');
const example: TrainingExample = {
  id: 'a',
  image: { bytes: new Uint8Array(), mediaType: 'image/jpeg', widthPixels: 1, heightPixels: 1, sha256: 'a' },
  truth: { country: 'Czechia', city: 'Prague' },
};

describe('rollOut', () => {
  it('scores the answer as text, without its end token', async () => {
    const tokens = answerTokens(target, tokenizer);
    expect(tokenizer.decode(tokens)).not.toBe(target);
    const sample = { tokens, logprobs: tokens.map(() => -1), finishReason: 'stop' as const };
    const backend = {
      tokenizer,
      promptTokens: () => [1],
      sample: async () => Promise.resolve([[sample, sample]]),
    };
    const scoredInputs: RewardInput[] = [];
    const reward: Pick<CombinedReward, 'score'> = {
      score: async (inputs) => {
        scoredInputs.push(...inputs);
        return Promise.resolve(inputs.map(({ id }) => ({ id, components: {}, total: { kind: 'scored', value: 1 } })));
      },
    };
    const { rollouts } = await rollOut([example], {
      backend,
      reward: reward as CombinedReward,
      prompt: 'Where?',
      groupSize: 2,
      sampling: { maxTokens: 99, temperature: 1 },
      seed: 'x',
      signal: new AbortController().signal,
      now: () => 0,
    });
    expect(rollouts.map(({ completion }) => completion)).toEqual([target, target]);
    expect(scoredInputs.map(({ completion }) => completion)).toEqual([target, target]);
  });
});
