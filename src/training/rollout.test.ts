import { describe, expect, it } from 'vitest';
import { answerTokens } from '../nano/chat-template.ts';
import { openTokenizer, tokenizerDocument } from '../nano/tokenizer/tokenizer.ts';
import { trainBpe } from '../nano/tokenizer/train-bpe.ts';
import { locateTarget } from '../prompts/locate-prompt.ts';
import type { CombinedReward } from '../reward/combine.ts';
import type { RewardInput } from '../reward/reward.ts';
import { dataOrder } from './data-order.ts';
import { rollOut, seedsOf } from './rollout.ts';
import type { TrainingExample } from './training-example.ts';

const target = locateTarget({ reasoning: 'A red tram.', country: 'Czechia', city: 'Prague' });
const tokenizer = openTokenizer(tokenizerDocument(trainBpe([target], { vocabularySize: 300 })), 'test');
const example: TrainingExample = {
  id: 'a',
  image: { bytes: new Uint8Array(), mediaType: 'image/jpeg', widthPixels: 1, heightPixels: 1, sha256: 'a' },
  truth: { country: 'Czechia', city: 'Prague' },
};

it('gives every group of a batch its own seed, also at the border of two epochs', () => {
  let repeated = 0;
  for (let seed = 0; seed < 20; seed++) {
    const order = dataOrder({ count: 5, batchSize: 4, seed });
    for (let step = 0; step < 10; step++) {
      const batch = order.batch(step).map((index) => ({ id: String(index) }));
      repeated += Number(new Set(batch.map(({ id }) => id)).size < batch.length);
      expect(new Set(seedsOf(batch, `run/${step}`)).size).toBe(batch.length);
    }
  }
  expect(repeated).toBeGreaterThan(0);
  // A repeated example's first group has the same seed as the only group of an unrepeated example.
  expect(seedsOf([{ id: 'a' }, { id: 'a' }], 'x')[0]).toBe(seedsOf([{ id: 'a' }], 'x')[0]);
});

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
