/**
 * Reference values are from scipy 1.17.1, statsmodels 0.15.0 and numpy 2.4.6. A comment beside each value names the
 * call.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../random.ts';
import {
  bootstrapMeans,
  mcnemarClustered,
  mcnemarExact,
  mean,
  median,
  pairedBootstrapDifferences,
  proportion,
  quantile,
} from './index.ts';

describe('summaries', () => {
  it('agree with numpy', () => {
    // np.quantile([1, 2, 3, 4, 10], [.1, .5, .9]); np.std(…, ddof=1) / sqrt(5)
    const sample = [1, 2, 3, 4, 10];
    for (const [p, value] of [
      [0.1, 1.4],
      [0.5, 3],
      [0.9, 7.6],
    ] as const)
      expect(quantile(sample, p)).toBeCloseTo(value, 12);
    expect(mean(sample)).toBe(4);
  });

  it('are undefined for an empty sample', () => {
    expect([mean([]), median([]), quantile([], 0.5)]).toEqual(Array(3).fill(undefined));
  });

  it('do not reorder the values', () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('proportion', () => {
  it.each([
    // statsmodels.stats.proportion.proportion_confint(hits, n, method='wilson')
    [449, 2912, 0.1415294212933457, 0.1677608715970785],
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371106, 1],
    [1, 237, 0.0007452180539007265, 0.023509155961675545],
  ])('gives the Wilson interval of %i in %i', (hits, n, low, high) => {
    const share = proportion(hits, n)!;
    expect(share.low).toBeCloseTo(low, 12);
    expect(share.high).toBeCloseTo(high, 12);
  });

  it('holds its value inside its interval, inside [0, 1]', () => {
    const samples = fc
      .integer({ min: 1, max: 100_000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(samples, ([hits, n]) => {
        const { low, value, high } = proportion(hits, n)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(value);
        expect(value).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is bounded exactly by 0 and 1 at no hits and at all', () => {
    for (let n = 1; n <= 300; n++) {
      expect(proportion(0, n)!.low).toBe(0);
      expect(proportion(n, n)!.high).toBe(1);
    }
  });

  it('is undefined for n = 0', () => {
    expect(proportion(0, 0)).toBeUndefined();
  });
});

describe('mcnemarClustered', () => {
  it('is the exact test where every cluster holds one item', () => {
    const count = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(count, count, (a, b) => {
        const differences = [...Array<number>(a).fill(-1), ...Array<number>(b).fill(1), 0, 0];
        expect(mcnemarClustered(differences)).toBeCloseTo(mcnemarExact(a, b), 10);
      }),
    );
  });

  it('counts the signs of every cluster', () => {
    const differences = fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 10 });
    fc.assert(
      fc.property(differences, (d) => {
        const observed = Math.abs(d.reduce((sum, value) => sum + value, 0));
        let asExtreme = 0;
        for (let signs = 0; signs < 2 ** d.length; signs++) {
          const sum = d.reduce((total, value, k) => total + ((signs >> k) & 1 ? value : -value), 0);
          if (Math.abs(sum) >= observed) asExtreme++;
        }
        expect(mcnemarClustered(d)).toBeCloseTo(asExtreme / 2 ** d.length, 12);
      }),
    );
  });

  it('does not count ten photos by one owner as ten owners', () => {
    expect(mcnemarClustered([10])).toBe(1);
    expect(mcnemarClustered(Array<number>(10).fill(1))).toBeCloseTo(2 / 1024, 12);
  });
});

describe('mcnemarExact', () => {
  it.each([
    // scipy.stats.binomtest(min(a, b), a + b, 0.5).pvalue
    [5, 15, 0.04138946533203125],
    [0, 6, 0.03125],
    [3, 3, 1],
    [0, 0, 1],
    [120, 180, 0.0006342200069283566],
    [4800, 5200, 6.593515598672343e-5],
    [500, 1500, 1.4743975229770045e-115],
  ])('of %i against %i agrees with scipy', (a, b, p) => {
    expect(mcnemarExact(a, b) / p).toBeCloseTo(1, 9);
  });

  it('does not depend on which method is named first, and is a probability', () => {
    const count = fc.integer({ min: 0, max: 20_000 });
    fc.assert(
      fc.property(count, count, (a, b) => {
        const p = mcnemarExact(a, b);
        expect(p).toBe(mcnemarExact(b, a));
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('bootstrap', () => {
  const hits = Array.from({ length: 400 }, (_, i) => Number(i % 4 === 0));

  it('is close to the Wilson interval for independent values', () => {
    const interval = bootstrapMeans([hits], { generator: random(1) })![0]!;
    const wilson = proportion(100, 400)!;
    // With 2,000 resamples, each quantile has a standard error of about 0.002. The tolerance is about three standard
    // errors.
    expect(Math.abs(interval.low - wilson.low)).toBeLessThan(0.007);
    expect(Math.abs(interval.high - wilson.high)).toBeLessThan(0.007);
  });

  it('repeats for the same seed', () => {
    expect(bootstrapMeans([hits], { generator: random(7) })).toEqual(bootstrapMeans([hits], { generator: random(7) }));
  });

  it('widens when all values of an owner agree', () => {
    const clusters = hits.map((_, i) => `owner ${Math.floor(i / 20)}`);
    const agreeing = hits.map((_, i) => Number(Math.floor(i / 20) % 4 === 0));
    const width = (interval: { low: number; high: number }) => interval.high - interval.low;
    const alone = width(bootstrapMeans([agreeing], { generator: random(1) })![0]!);
    const byOwner = width(bootstrapMeans([agreeing], { clusters, generator: random(1) })![0]!);
    // The 20 photos of one owner are equal and carry the information of one photo. The interval is therefore √20 ≈ 4.5
    // times as wide.
    expect(byOwner / alone).toBeGreaterThan(3.5);
  });

  it('gives each column the same interval as alone', () => {
    const other = hits.map((hit) => 1 - hit);
    const clusters = hits.map((_, i) => `owner ${i % 37}`);
    const together = bootstrapMeans([hits, other], { clusters, generator: random(5) })!;
    expect(together[0]).toEqual(bootstrapMeans([hits], { clusters, generator: random(5) })![0]);
    expect(together[1]!.low).toBeCloseTo(1 - together[0]!.high, 12);
  });

  it('is undefined for an empty sample', () => {
    expect(bootstrapMeans([[]], { generator: random(1) })).toBeUndefined();
  });

  it('finds exactly no difference between equal methods', () => {
    expect(pairedBootstrapDifferences([hits], [hits], { generator: random(1) })).toEqual([{ low: 0, high: 0 }]);
  });

  it('changes the sign of a difference with the order of the methods', () => {
    const other = hits.map((_, i) => Number(i % 3 === 0));
    const forth = pairedBootstrapDifferences([hits], [other], { generator: random(3) })![0]!;
    const back = pairedBootstrapDifferences([other], [hits], { generator: random(3) })![0]!;
    expect(forth.low).toBeCloseTo(-back.high, 12);
    expect(forth.high).toBeCloseTo(-back.low, 12);
  });
});
