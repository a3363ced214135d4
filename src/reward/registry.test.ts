import { beforeAll, describe, expect, it } from 'vitest';
import { scored } from '../core/score.ts';
import { openGazetteer } from '../gazetteer/open.ts';
import { createReward } from './create-reward.ts';
import { inRewardOrder, readsInput, registerReward, rewardNames } from './registry.ts';
import { pureReward } from './reward.ts';
import type { RewardDefinition } from './reward-definition.ts';

const brevity: RewardDefinition = {
  name: 'brevity',
  description: '1 for a completion of at most 4 characters, else 0.',
  inputs: ['texts'],
  create: () => pureReward('brevity/1', ({ completion }) => scored(completion.length <= 4 ? 1 : 0)),
};

describe('registerReward', () => {
  beforeAll(() => registerReward(brevity));

  it('adds a reward after the built-in ones', () => {
    expect(rewardNames()).toEqual(['accuracy', 'localizability', 'visual', 'format', 'length', 'brevity']);
  });

  it('includes it in the total by its weight', async () => {
    const reward = createReward({
      mode: 'paper',
      weights: { brevity: 3, format: 1 },
      gazetteer: openGazetteer(),
      grounder: { entities: () => [], claims: () => [], match: () => [] },
    });
    expect(reward.name).toBe('1·format/strict + 3·brevity/1');
    const row = (completion: string) => ({ id: '1', completion, truth: { country: 'Finland' } });
    const rows = await reward.score([row('1234'), row('12345')], { signal: new AbortController().signal });
    expect(rows).toEqual([
      { components: { format: scored(0), brevity: scored(1) }, total: scored(3) },
      { components: { format: scored(0), brevity: scored(0) }, total: scored(0) },
    ]);
  });

  it('refuses a name that is taken', () => {
    expect(() => registerReward({ ...brevity, name: 'accuracy' })).toThrow('The reward "accuracy" already exists.');
  });

  it.each(['', '1st', 'a=b', 'a,b', ' a', 'a.b'])('refuses the name "%s"', (name) => {
    expect(() => registerReward({ ...brevity, name })).toThrow(`Invalid reward name: "${name}".`);
  });
});

describe('inRewardOrder', () => {
  it('follows the registry, and puts unknown names last', () => {
    expect(inRewardOrder(['other', 'format', 'accuracy', 'format'])).toEqual(['accuracy', 'format', 'other']);
  });
});

describe('readsInput', () => {
  it.each([
    [{ localizability: 0.5 }, true],
    [{ localizability: 0.5, accuracy: 1 }, true],
    [{ localizability: 0, accuracy: 1 }, false],
    [{ accuracy: 1, visual: 1, format: 1, length: 1 }, false],
    [{ unknown: 1 }, true],
  ] as const)('says for the weights %j whether an image is read: %s', (weights, expected) => {
    expect(readsInput(weights, 'image', 'paper')).toBe(expected);
  });
});
