import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../core/random.ts';
import { chooseToken, mostLikely, mostLikelyTokens, nucleus } from './choose-token.ts';

const all = { topP: 1, topK: Infinity };

/** Generates distributions over 2 to 30 tokens. */
const distribution = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 30 })
  .filter((weights) => weights.some((w) => w > 1e-3))
  .map((weights) => {
    const total = weights.reduce((a, b) => a + b);
    return Float32Array.from(weights, (w) => w / total);
  });

describe('chooseToken', () => {
  it('draws each token with its probability', () => {
    const probabilities = Float32Array.of(0.5, 0.1, 0, 0.25, 0.15);
    const generator = random(11);
    const draws = 40_000;
    const counts = new Float64Array(5);
    for (let i = 0; i < draws; i++) counts[chooseToken(probabilities, all, generator.next())]! += 1;
    expect(counts[2]).toBe(0);
    const statistic = [0, 1, 3, 4].reduce(
      (sum, id) => sum + (counts[id]! - draws * probabilities[id]!) ** 2 / (draws * probabilities[id]!),
      0,
    );
    // A chi-square statistic with 3 degrees of freedom exceeds 16.27 with probability 0.001.
    expect(statistic).toBeLessThan(16.27);
  });

  it('returns a possible token for any draw', () => {
    fc.assert(
      fc.property(distribution, fc.double({ min: 0, max: 0.999_999_999, noNaN: true }), (probabilities, uniform) => {
        expect(probabilities[chooseToken(probabilities, all, uniform)]).toBeGreaterThan(0);
      }),
    );
  });

  it('draws the most likely token when only one remains', () => {
    fc.assert(
      fc.property(distribution, fc.double({ min: 0, max: 0.999, noNaN: true }), (probabilities, uniform) => {
        expect(chooseToken(probabilities, { topP: 1, topK: 1 }, uniform)).toBe(mostLikely(probabilities));
        expect(chooseToken(probabilities, { topP: 1e-6, topK: Infinity }, uniform)).toBe(mostLikely(probabilities));
      }),
    );
  });
});

describe('nucleus', () => {
  it('is the smallest set of most likely tokens that reaches the mass', () => {
    fc.assert(
      fc.property(distribution, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (probabilities, topP) => {
        const kept = nucleus(probabilities, { topP, topK: Infinity });
        const mass = (ids: readonly number[]): number => ids.reduce((sum, id) => sum + probabilities[id]!, 0);
        expect(mass(kept)).toBeGreaterThanOrEqual(topP - 1e-6);
        expect(mass(kept.slice(0, -1))).toBeLessThan(topP);
        const least = Math.min(...kept.map((id) => probabilities[id]!));
        const left = probabilities.filter((_, id) => !kept.includes(id));
        expect(Math.max(0, ...left)).toBeLessThanOrEqual(least);
      }),
    );
  });

  it('keeps at most topK', () => {
    expect(nucleus(Float32Array.of(0.1, 0.4, 0.2, 0.3), { topP: 1, topK: 2 })).toEqual([1, 3]);
  });
});

describe('mostLikelyTokens', () => {
  it('returns the tokens of the largest log-probabilities in descending order', () => {
    fc.assert(
      fc.property(distribution, fc.integer({ min: 1, max: 8 }), (probabilities, count) => {
        const sorted = Array.from(probabilities).toSorted((a, b) => b - a);
        expect(mostLikelyTokens(probabilities, count).map(({ logprob }) => logprob)).toEqual(sorted.slice(0, count));
      }),
    );
  });
});
