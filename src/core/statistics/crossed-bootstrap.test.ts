import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../random.ts';
import { bootstrapMeans } from './bootstrap.ts';
import { crossedDifferences, crossedMeans } from './crossed-bootstrap.ts';

const bit = fc.integer({ min: 0, max: 1 });

describe('the crossed bootstrap', () => {
  it('equals the clustered bootstrap of the items for a single run', () => {
    const samples = fc.array(fc.tuple(bit, fc.constantFrom('a', 'b', 'c')), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(samples, (pairs) => {
        const [values, clusters] = [pairs.map(([value]) => value), pairs.map(([, cluster]) => cluster)];
        const [crossed] = crossedMeans([[values]], { generator: random(1), clusters, resamples: 60 });
        const [plain] = bootstrapMeans([values], { generator: random(1), clusters, resamples: 60 })!;
        expect(crossed!.low).toBeCloseTo(plain!.low, 12);
        expect(crossed!.high).toBeCloseTo(plain!.high, 12);
      }),
    );
  });

  it('returns the mean of the runs, inside its interval', () => {
    const runs = fc.array(fc.array(bit, { minLength: 12, maxLength: 12 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(runs, (values) => {
        const [mean] = crossedMeans([values], { generator: random(2), resamples: 200 });
        expect(mean!.value).toBeCloseTo(
          values.flat().reduce((sum, value) => sum + value, 0) / values.flat().length,
          12,
        );
        expect(mean!.low).toBeLessThanOrEqual(mean!.high);
      }),
    );
  });

  it('estimates the variance between runs without bias', () => {
    // All items of a run are equal, so only the runs vary. R = 9 runs have the values 0 and 1. The variance of their
    // mean is s² / R.
    const runs = Array.from({ length: 9 }, (_, r) => Array<number>(4).fill(r % 2));
    const deviation = Math.sqrt((4 * 5) / 9 / 8 / 9);
    const [mean] = crossedMeans([runs], { generator: random(3), resamples: 4000 });
    expect((mean!.high - mean!.low) / 2).toBeGreaterThan(1.5 * deviation);
    expect((mean!.high - mean!.low) / 2).toBeLessThan(2.4 * deviation);
  });

  it('finds no difference between a method and itself for a single run', () => {
    fc.assert(
      fc.property(fc.array(bit, { minLength: 1, maxLength: 20 }), (values) => {
        const [test] = crossedDifferences([[values]], [[values]], { generator: random(4), resamples: 50 });
        expect(test).toEqual({ value: 0, low: 0, high: 0, p: 1 });
      }),
    );
  });

  it('finds a difference that every item shows, and its p-value is never 0', () => {
    const ones = Array<number>(40).fill(1);
    const zeros = Array<number>(40).fill(0);
    const [test] = crossedDifferences([[zeros]], [[ones, ones, ones]], { generator: random(5), resamples: 500 });
    expect(test).toMatchObject({ value: 1, low: 1, high: 1 });
    expect(test!.p).toBeCloseTo(2 / 501, 12);
  });

  it('rejects an empty sample', () => {
    expect(() => crossedMeans([[[]]], { generator: random(1) })).toThrow(RangeError);
  });
});
