import { describe, expect, it } from 'vitest';
import { checkBudget, createCostMeter, estimateCost, totalCost } from './cost.ts';
import { parseRecipe } from './read-recipe.ts';

const price = { promptPerMillionTokens: 2, completionPerMillionTokens: 10, currency: 'USD' };
const recipe = (more: object = {}) =>
  parseRecipe({ annotators: [{ model: 'a', price }, { model: 'b' }], segmentation: { model: 's' }, ...more });

describe('the cost of a run', () => {
  it('is estimated from photos, tokens and the prices that the user states', () => {
    const [a, b] = estimateCost(recipe(), 1000);
    expect(a).toMatchObject({ annotator: 'a', requests: 1000, currency: 'USD' });
    const { promptTokens, completionTokens } = a!.usage;
    expect(a!.amount).toBeCloseTo((promptTokens * 2 + completionTokens * 10) / 1e6, 9);
    expect(promptTokens / 1000).toBeGreaterThan(1280);
    expect(b).not.toHaveProperty('amount');
  });

  it('is less in the modes that ask less', () => {
    const requests = (mode: string) => estimateCost(recipe({ mode }), 1000).map((cost) => cost.requests);
    expect(requests('full')).toEqual([1000, 1000]);
    expect(requests('random')).toEqual([500, 500]);
    expect(requests('single')).toEqual([1000]);
  });

  it('is checked against the limit before the start', () => {
    const limited = recipe({ maxCost: 1 });
    expect(() => checkBudget(limited, estimateCost(limited, 100))).not.toThrow();
    expect(() => checkBudget(limited, estimateCost(limited, 100_000))).toThrow('more than the 1 of maxCost');
  });

  it('is added up as it arises, and ends the run at the limit', () => {
    const meter = createCostMeter(recipe({ maxCost: 1 }));
    meter.add('annotation:a', { promptTokens: 400_000, completionTokens: 0 });
    meter.add('annotation:b', { promptTokens: 9_000_000, completionTokens: 0 });
    expect(totalCost(meter.costs())).toEqual({ amount: 0.8, currency: 'USD' });
    expect(() => meter.add('annotation:a', { promptTokens: 0, completionTokens: 20_000 })).toThrow(
      'maxCost is reached',
    );
  });
});
