import { describe, expect, it } from 'vitest';
import { random, seedFrom, shuffled } from './random.ts';
import { mean } from './statistics/summary.ts';

const draws = (seed: number, count: number): number[] => {
  const generator = random(seed);
  return Array.from({ length: count }, () => generator.next());
};

describe('random', () => {
  it('repeats itself for a seed and differs for another', () => {
    expect(draws(7, 100)).toEqual(draws(7, 100));
    expect(draws(7, 100)).not.toEqual(draws(8, 100));
  });

  it('is uniform: twenty bins pass a chi-square test at the 0.1 % level', () => {
    const count = 100_000;
    const bins = Array.from({ length: 20 }, () => 0);
    for (const value of draws(1, count)) bins[Math.floor(value * 20)]! += 1;
    const statistic = bins.reduce((sum, seen) => sum + (seen - count / 20) ** 2 / (count / 20), 0);
    expect(statistic).toBeLessThan(43.82);
  });

  it('draws normals of mean 0 and variance 1', () => {
    const generator = random(3);
    const values = Array.from({ length: 50_000 }, () => generator.normal());
    const centre = mean(values)!;
    const variance = mean(values.map((value) => (value - centre) ** 2))!;
    expect(Math.abs(centre)).toBeLessThan(4 / Math.sqrt(values.length));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
  });
});

describe('shuffled', () => {
  it('is a permutation that leaves its input alone, and every item reaches every place', () => {
    const items = [0, 1, 2, 3];
    const seen = new Set<string>();
    for (let seed = 0; seed < 400; seed++) {
      const result = shuffled(items, random(seed));
      expect(result.toSorted((a, b) => a - b)).toEqual(items);
      seen.add(result.join(''));
    }
    expect(items).toEqual([0, 1, 2, 3]);
    expect(seen.size).toBe(24);
  });
});

describe('seedFrom', () => {
  it('is the FNV-1a hash of the text', () => {
    // Published test vectors of 32-bit FNV-1a.
    expect(seedFrom('')).toBe(0x811c9dc5);
    expect(seedFrom('a')).toBe(0xe40c292c);
    expect(seedFrom('foobar')).toBe(0xbf9cf968);
  });
});
