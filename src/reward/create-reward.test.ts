import { describe, expect, it } from 'vitest';
import { openGazetteer } from '../gazetteer/open.ts';
import type { Grounder } from '../grounding/grounding.ts';
import type { RewardWeights } from './reward-definition.ts';
import { createReward } from './create-reward.ts';

const gazetteer = openGazetteer();
const grounder: Grounder = { entities: () => [], match: () => [] };
const length = { maxTokens: 100, bufferTokens: 20 };

describe('createReward', () => {
  it.each<[RewardWeights, string]>([
    [{}, 'no reward has a weight above 0'],
    [{ accuracy: 0, visual: 0 }, 'no reward has a weight above 0'],
    [{ accuracy: 1, visual: -0.5 }, 'the weight of visual is -0.5'],
    [{ accuracy: Number.NaN }, 'the weight of accuracy is NaN'],
    [{ accuracy: 1, localizability: 0.5 }, 'weight 0.5 and no judge'],
    [{ accuracy: 1, length: 0.5 }, 'weight 0.5 and no limits'],
  ])('refuses the weights %j', (weights, problem) => {
    expect(() => createReward({ mode: 'paper', weights, gazetteer, grounder })).toThrow(problem);
  });

  it.each(['paper', 'reference', 'distance'] as const)('scores length in mode %s', async (mode) => {
    const reward = createReward({ mode, weights: { length: 2 }, gazetteer, grounder, length });
    const row = { id: '1', completion: '', truth: { country: 'Finland' }, completionTokens: 90 };
    const [scored] = await reward.score([row], { signal: new AbortController().signal });
    expect(scored?.total).toEqual({ kind: 'scored', value: -1 });
  });
});
