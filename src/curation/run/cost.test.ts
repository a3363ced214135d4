import { describe, expect, it } from 'vitest';
import { checkBudget, createCostMeter, estimateCost, totalCost } from './cost.ts';
import { parseRecipe } from '../recipe/read-recipe.ts';

const price = { promptPerMillionTokens: 2, completionPerMillionTokens: 10, currency: 'USD' };
const recipe = (more: object = {}) =>
  parseRecipe({ annotators: [{ model: 'a', price }, { model: 'b' }], segmentation: { model: 's' }, ...more });
const free = { promptPerMillionTokens: 0, completionPerMillionTokens: 0, currency: 'USD' };
/** Creates a recipe in which every annotator has a price. */
const pricedRecipe = (more: object = {}) =>
  recipe({
    annotators: [
      { model: 'a', price },
      { model: 'b', price: free },
    ],
    ...more,
  });

describe('the cost of a run', () => {
  it("is estimated from photos, tokens and the user's prices", () => {
    const [a, b] = estimateCost(recipe(), 1000);
    expect(a).toMatchObject({ annotator: 'a', requests: 1000, currency: 'USD' });
    const { promptTokens, completionTokens } = a!.usage;
    expect(a!.amount).toBeCloseTo((promptTokens * 2 + completionTokens * 10) / 1e6, 9);
    expect(promptTokens / 1000).toBeGreaterThan(1280);
    expect(b).not.toHaveProperty('amount');
  });

  it('is lower in modes with fewer requests', () => {
    const requests = (mode: string) => estimateCost(recipe({ mode }), 1000).map((cost) => cost.requests);
    expect(requests('full')).toEqual([1000, 1000]);
    expect(requests('random')).toEqual([500, 500]);
    expect(requests('single')).toEqual([1000]);
  });

  it('is checked against the limit before the start', () => {
    const limited = pricedRecipe({ maxCost: 1 });
    expect(() => checkBudget(limited, estimateCost(limited, 100))).not.toThrow();
    expect(() => checkBudget(limited, estimateCost(limited, 100_000))).toThrow('more than maxCost (1)');
  });

  it('adds up during the run, and ends it at the limit', () => {
    const meter = createCostMeter(pricedRecipe({ maxCost: 1 }));
    meter.add('annotation:a', { promptTokens: 400_000, completionTokens: 0 });
    meter.add('annotation:b', { promptTokens: 9_000_000, completionTokens: 0 });
    expect(totalCost(meter.costs())).toEqual({ amount: 0.8, currency: 'USD', without: [] });
    expect(() => meter.add('annotation:a', { promptTokens: 0, completionTokens: 20_000 })).toThrow(
      'has reached maxCost',
    );
  });

  it('cannot be limited without a price for each model', () => {
    const limited = recipe({ maxCost: 1 });
    expect(() => createCostMeter(limited)).toThrow('maxCost is 1, but the recipe has no price for b.');
    expect(() => checkBudget(limited, estimateCost(limited, 1))).toThrow('no price for b');
    expect(() => createCostMeter(recipe({ maxCost: 1, mode: 'single' }))).not.toThrow();
    const solving = pricedRecipe({ maxCost: 1, gates: { solvable: { model: 's' } } });
    expect(() => createCostMeter(solving)).toThrow('no price for solvable: s');
  });

  it('cannot be limited if a server does not count tokens', () => {
    const meter = createCostMeter(pricedRecipe({ maxCost: 1 }));
    const nothing = { promptTokens: 0, completionTokens: 0 };
    const ask = (key: string) => () => {
      for (let i = 0; i < 25; i++) meter.add(key, nothing);
    };
    expect(ask('annotation:b')).not.toThrow();
    expect(ask('annotation:a')).toThrow('a reported no token counts for 25 answers');
  });

  it('lists the models that a partial total leaves out', () => {
    expect(totalCost(estimateCost(recipe(), 1000))).toMatchObject({ currency: 'USD', without: ['b'] });
    expect(totalCost(estimateCost(pricedRecipe(), 1000))).toMatchObject({ without: [] });
  });

  it("counts the solvable gate's model with all its samples, in the estimate and during the run", () => {
    const solving = pricedRecipe({ maxCost: 1000, gates: { solvable: { model: 's', price } } });
    const [a, , solver] = estimateCost(solving, 1000);
    expect(solver).toMatchObject({ annotator: 'solvable: s', requests: 1000, currency: 'USD' });
    expect(solver!.usage.completionTokens).toBe(16 * a!.usage.completionTokens);
    const meter = createCostMeter(solving);
    meter.add('pass-rate', { promptTokens: 500_000, completionTokens: 0 });
    expect(meter.costs()).toMatchObject([{ annotator: 'solvable: s', requests: 1, amount: 1 }]);
    expect(() => meter.add('pass-rate', { promptTokens: 0, completionTokens: 1e8 })).toThrow('has reached maxCost');
  });

  it("uses the recipe's price for the same model in --annotator", () => {
    const { annotators } = parseRecipe(
      { annotators: [{ name: 'x', model: 'a', price }] },
      { mode: 'single', annotators: ['a'] },
    );
    expect(annotators).toMatchObject([{ model: 'a', price }]);
  });
});
