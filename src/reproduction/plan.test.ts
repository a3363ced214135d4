import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TINY_PLAN } from '../../test/support/tiny-plan.ts';
import { grpo, sft } from './arms.ts';
import { parsePlan, readPlan } from './plan.ts';
import { armFields, type Inputs, planOfVariant, SEARCHED } from './recipes.ts';
import type { SearchResult } from './results.ts';

const SEARCH = fileURLToPath(new URL('../../results/reproduce-miniature-search.json', import.meta.url));
const SHIPPED = fileURLToPath(new URL('../../recipes/reproduce-miniature.yaml', import.meta.url));
const inputs: Inputs = {
  tower: (backbone) => backbone,
  pretrainingWorld: 'world',
  poolWorld: 'pool',
  testWorld: 'test',
  base: (backbone) => backbone,
  curated: (set) => set,
  judge: 'nano:judge',
};

describe('the plan', () => {
  it('in recipes/ makes all its recipes', async () => {
    expect((await readPlan(SHIPPED)).seeds.length).toBeGreaterThanOrEqual(3);
  });

  it('in recipes/ trains with the variants that the committed search chose', async () => {
    const plan = await readPlan(SHIPPED);
    const { rows } = JSON.parse(await readFile(SEARCH, 'utf8')) as SearchResult;
    for (const arm of SEARCHED) {
      const tried = rows.filter(({ method, backbone }) => method === arm.kind && backbone === arm.backbone);
      expect(tried.map(({ settings }) => settings)).toEqual(plan.search[arm.kind][arm.backbone]);
      const best = tried.find(({ chosen }) => chosen)!;
      const [used, expected] = [plan, planOfVariant(plan, arm, best.settings)].map((one) =>
        armFields(one, arm, { seed: 1, inputs }),
      );
      expect(used).toEqual(expected);
    }
  });

  it('gives every method the same images and a seed of its own', () => {
    const plan = parsePlan(TINY_PLAN);
    const [a, b] = [
      armFields(plan, sft('vit'), { seed: 1, inputs }),
      armFields(plan, grpo('vit'), { seed: 2, inputs }),
    ];
    expect(a.data).toMatchObject({ train: 'full', trainImages: 8, imageSeed: 1 });
    expect(b.data).toMatchObject({ train: 'full', trainImages: 8, imageSeed: 1 });
    expect([a.seed, b.seed]).toEqual([1, 2]);
  });

  it('weights the rewards of a set, and uses the judge only for loc', () => {
    const plan = parsePlan(TINY_PLAN);
    const reward = (...rewards: ('loc' | 'vgc' | 'ga')[]) =>
      armFields(plan, grpo('vit', { rewards }), { seed: 1, inputs });
    expect(reward('vgc')).toMatchObject({ reward: { weights: { visual: 0.5, format: 1 } } });
    expect(reward('vgc')).not.toHaveProperty('reward.judge');
    expect(reward('loc', 'ga')).toMatchObject({
      reward: { weights: { localizability: 0.5, accuracy: 1, format: 1 }, judge: 'nano:judge' },
    });
  });

  it.each([
    [{ seeds: [1, 1] }, 'Duplicate seed'],
    [{ training: { ...TINY_PLAN.training, grpo: { vit: { groupSize: 1 }, mixer: {} } } }, 'training.grpo.vit'],
    [{ training: { ...TINY_PLAN.training, sft: { vit: { seed: 3 }, mixer: {} } } }, 'sets "seed"'],
    [{ search: { sft: { vit: [{ epochs: 1 }, { learningRate: 1 }] } } }, 'search.sft.vit[1] sets learningRate'],
    [{ search: { sft: { vit: [{ seed: 3 }] } } }, 'search.sft.vit[0] sets "seed"'],
    [{ curation: { ...TINY_PLAN.curation, recipe: { annotators: [] } } }, 'curation.recipe'],
    [{ judge: { epochs: 0 } }, 'judge'],
    [{ worlds: { pretraining: TINY_PLAN.worlds.pretraining } }, 'worlds.pool'],
  ])('rejects a mistake and reports its field: %j', (change, words) => {
    expect(() => parsePlan({ ...TINY_PLAN, ...change })).toThrow(words);
  });
});
