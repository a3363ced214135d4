import { describe, expect, it } from 'vitest';
import { openGazetteer } from '../gazetteer/open.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { locateTarget } from '../prompts/locate-prompt.ts';
import { type GrpoRecipe, trainRecipeSchema } from './recipe.ts';
import { stepRewards } from './step-reward.ts';

const gazetteer = openGazetteer();
const grounder: Grounder = { entities: () => [], claims: () => [], match: () => [] };
const { signal } = new AbortController();

function rewardsOf(reward: object, steps = 11) {
  const recipe = trainRecipeSchema.parse({ method: 'grpo', model: { checkpoint: 'x' }, data: { train: 'y' }, reward });
  return stepRewards({ recipe: (recipe as GrpoRecipe).reward, steps, gazetteer, grounder });
}

const completion = locateTarget({ reasoning: '', country: 'Sweden', city: 'Stockholm' });
const row = { id: '1', completion, truth: { country: 'Finland', city: 'Helsinki' }, completionTokens: 90 };
const distance = { mode: 'distance', weights: { accuracy: 1 } } as const;

describe('stepRewards', () => {
  it('narrows τ from the first step to the last, so that a near miss earns less at each step', async () => {
    const at = rewardsOf({ ...distance, shape: { kind: 'exponential', tauKm: { from: 1000, to: 100 } } });
    expect([0, 5, 10].map((step) => at(step).tauKm)).toEqual(
      [1000, 1000 / Math.sqrt(10), 100].map((tauKm): unknown => expect.closeTo(tauKm, 9)),
    );
    const earned = await Promise.all(
      [0, 5, 10].map(async (step) => {
        const [scored] = await at(step).reward.score([row], { signal });
        return scored?.total.kind === 'scored' ? scored.total.value : Number.NaN;
      }),
    );
    // Stockholm and Helsinki are about 395 km apart.
    expect(earned[0]).toBeCloseTo(Math.exp(-0.395), 1);
    expect(earned[2]).toBeCloseTo(Math.exp(-3.95), 1);
    expect(earned[1]).toBeLessThan(earned[0]!);
  });

  it('uses one reward for all steps without a schedule, and records no τ', () => {
    const at = rewardsOf({ ...distance, shape: { kind: 'exponential', tauKm: 10 } });
    expect(at(0).reward).toBe(at(9).reward);
    expect(at(3)).not.toHaveProperty('tauKm');
  });

  it('adds the length penalty to the total', async () => {
    const length = { maxTokens: 100, bufferTokens: 20 };
    const at = rewardsOf({ weights: { accuracy: 1, length: 0.5 }, length });
    const [scored] = await at(0).reward.score([row], { signal });
    expect(scored).toMatchObject({ components: { length: { value: -0.5 } }, total: { value: -0.25 } });
  });
});
