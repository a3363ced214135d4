/** Compares resampling with results computed by hand. Each test chooses the integers that the generator returns. */
import { describe, expect, it } from 'vitest';
import type { Random } from '../random.ts';
import { bootstrapMeans, clusterOf, pairedBootstrapDifferences } from './bootstrap.ts';
import { crossedDifferences, crossedMeans } from './crossed-bootstrap.ts';
import { holmAdjusted } from './index.ts';

/** Creates a generator that returns these integers in turn and counts the draws. */
function scripted(...integers: readonly number[]): Random & { draws: number } {
  const unused = (): never => {
    throw new Error('Only integers are drawn.');
  };
  const generator = {
    draws: 0,
    next: unused,
    normal: unused,
    integer: (bound: number): number => {
      const value = integers[generator.draws % integers.length]!;
      generator.draws += 1;
      if (value >= bound) throw new RangeError(`${value} is not below ${bound}.`);
      return value;
    },
  };
  return generator;
}

/** The integers from 40 down to 0. Their quantiles at 2.5 % and 97.5 % are 1 and 39. */
const descending = Array.from({ length: 41 }, (_, i) => 40 - i);
const point = (value: number) => ({ low: expect.closeTo(value, 12), high: expect.closeTo(value, 12) });

describe('clusterOf', () => {
  it('numbers the clusters as they first appear, or each item by itself', () => {
    expect([...clusterOf(3, undefined)]).toEqual([0, 1, 2]);
    expect([...clusterOf(4, ['b', 'a', 'b', 'c'])]).toEqual([0, 1, 0, 2]);
  });
});

describe('bootstrapMeans', () => {
  it('means what is drawn, in every column', () => {
    const columns = [
      [1, 2, 6],
      [10, 0, 50],
    ];
    const generator = scripted(2, 2, 0);
    expect(bootstrapMeans(columns, { generator, resamples: 1 })).toEqual([point(13 / 3), point(110 / 3)]);
    expect(generator.draws).toBe(3);
  });

  it('draws owners with all their items: the mean is over items', () => {
    // Owner x has the values 1 and 3, owner y has 8. The first resample draws owners y and x. The second draws owner x
    // twice.
    const clusters = ['x', 'y', 'x'];
    const once = bootstrapMeans([[1, 8, 3]], { generator: scripted(1, 0), clusters, resamples: 1 });
    expect(once).toEqual([point(4)]);
    expect(bootstrapMeans([[1, 8, 3]], { generator: scripted(0, 0), clusters, resamples: 1 })).toEqual([point(2)]);
  });

  it('takes the quantiles at 2.5 % and 97.5 % of the sorted means', () => {
    // Each resample draws one item 41 times.
    const generator = scripted(...descending.flatMap((value) => Array<number>(41).fill(value)));
    const values = Array.from({ length: 41 }, (_, i) => i);
    const [interval] = bootstrapMeans([values], { generator, resamples: 41 })!;
    expect(interval!.low).toBeCloseTo(1, 12);
    expect(interval!.high).toBeCloseTo(39, 12);
  });

  it('is undefined without columns', () => {
    expect(bootstrapMeans([], { generator: scripted(0) })).toBeUndefined();
  });

  it('pairs the columns of two methods: b minus a', () => {
    const [a, b] = [
      [
        [1, 2],
        [0, 0],
      ],
      [
        [5, 9],
        [1, 3],
      ],
    ];
    const differences = pairedBootstrapDifferences(a, b, { generator: scripted(1, 1), resamples: 1 });
    expect(differences).toEqual([point(7), point(3)]);
  });
});

describe('the crossed bootstrap by hand', () => {
  // Two measures of three runs on three items. Owner x has items 0 and 2, and owner y has item 1.
  const clusters = ['x', 'y', 'x'];
  const measure = [
    [1, 10, 3],
    [2, 20, 4],
    [5, 60, 9],
  ];
  const constant = measure.map((run) => run.map(() => 7));

  it('draws owners, then one run fewer than there are, and means over both', () => {
    // The draws are owners y and x, and runs 2 and 0. The mean is (60 + 14 + 10 + 4) / (3 items · 2 runs) = 88 / 6.
    const generator = scripted(1, 0, 2, 0);
    const [first, second] = crossedMeans([measure, constant], { generator, clusters, resamples: 1 });
    expect(first).toEqual({ value: expect.closeTo(114 / 9, 12), ...point(88 / 6) });
    expect(second).toEqual({ value: expect.closeTo(7, 12), ...point(7) });
    expect(generator.draws).toBe(4);
  });

  it('forgets the owners of the resample before', () => {
    const generator = scripted(1, 1, 0, 0);
    const [mean] = crossedMeans([[[1, 10, 3]]], { generator, clusters, resamples: 2 });
    // The resample with owner y twice has the mean 10. The resample with owner x twice has the mean 8 / 4 = 2. The
    // quantiles interpolate linearly between 2 and 10.
    expect(mean!.low).toBeCloseTo(2 + 8 * 0.025, 12);
    expect(mean!.high).toBeCloseTo(10 - 8 * 0.025, 12);
  });

  it('draws the owners once for both methods, and the runs for each', () => {
    // The draws are owner y twice, run 0 of method a twice, and runs 1 and 2 of method b. The difference is (20 + 20 +
    // 60 + 60) / 4 − 10 = 30.
    const generator = scripted(1, 1, 0, 0, 1, 2);
    const [difference] = crossedDifferences([measure], [measure], { generator, clusters, resamples: 1 });
    expect(difference).toMatchObject({ value: 0, ...point(30) });
  });

  it('takes the quantiles of the sorted means and differences', () => {
    const integers = descending.flatMap((value) => Array<number>(41).fill(value));
    const values = [Array.from({ length: 41 }, (_, i) => i)];
    const zeros = [Array<number>(41).fill(0)];
    const [mean] = crossedMeans([values], { generator: scripted(...integers), resamples: 41 });
    expect([mean!.low, mean!.high]).toEqual([expect.closeTo(1, 12), expect.closeTo(39, 12)]);
    const generator = scripted(...integers);
    const [difference] = crossedDifferences([zeros], [values], { generator, resamples: 41 });
    expect([difference!.low, difference!.high]).toEqual([expect.closeTo(1, 12), expect.closeTo(39, 12)]);
  });

  it.each([
    // Each row has the differences of five resamples and p = min(1, 2 · (min(count ≤ 0, count ≥ 0) + 1) / 6).
    [[1, 1, 1, 1, 1], 2 / 6],
    [[-1, 1, 1, 1, 1], 4 / 6],
    [[-1, -1, -1, -1, 1], 4 / 6],
    [[0, 1, 1, 1, 1], 4 / 6],
    [[-1, -1, -1, -1, 0], 4 / 6],
    [[-1, -1, 0, 1, 1], 1],
  ])('gives the differences %j the p-value %d', (differences, p) => {
    // Three items have the differences -1, 0 and 1. Each resample draws one of them three times.
    const integers = differences.flatMap((difference) => Array<number>(3).fill(difference + 1));
    const generator = scripted(...integers);
    const [test] = crossedDifferences([[[1, 1, 1]]], [[[0, 1, 2]]], { generator, resamples: 5 });
    expect(test!.p).toBeCloseTo(p, 12);
    expect(test!.value).toBe(0);
  });

  it('rejects methods without measures, runs or items', () => {
    for (const measures of [[], [[]], [[[]]]]) {
      expect(() => crossedMeans(measures, { generator: scripted(0), resamples: 1 })).toThrow('at least one item');
    }
  });
});

describe('holmAdjusted', () => {
  it.each([
    // statsmodels.stats.multitest.multipletests(p, method='holm')
    [
      [0.01, 0.04, 0.03],
      [0.03, 0.06, 0.06],
    ],
    [
      [0.04, 0.01],
      [0.04, 0.02],
    ],
    [
      [0.6, 0.9],
      [1, 1],
    ],
    [[0.2], [0.2]],
    [[], []],
  ])('adjusts %j to %j', (values, adjusted) => {
    expect(holmAdjusted(values)).toEqual(adjusted.map((value) => expect.closeTo(value, 12) as number));
  });
});
