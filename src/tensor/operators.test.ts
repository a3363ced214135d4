/** Checks operators that the gradient tests do not fully cover: indexing, randomness and loops. */
import { describe, expect, test } from 'vitest';
import * as t from './index.ts';
import type { HostArray, Tensor } from './index.ts';

async function evaluate(
  outputs: Record<string, Tensor>,
  feeds: Record<string, HostArray> = {},
): Promise<Record<string, number[]>> {
  await using program = await t.compile({ outputs }, { threads: 2 });
  const results = await program.run(feeds);
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]]));
}

describe('indices', () => {
  test('argmax returns the first of equal values, oneHot marks it, topK sorts', async () => {
    const x = t.constant([1, 3, 3, 0, 5, 2], { shape: [2, 3] });
    const { values, indices } = t.topK(x, 2);
    const result = await evaluate({ best: t.argmax(x, 1), hot: t.oneHot(t.argmax(x, 1), 3), values, indices });
    expect(result).toEqual({ best: [1, 1], hot: [0, 1, 0, 0, 1, 0], values: [3, 3, 5, 2], indices: [1, 2, 1, 2] });
  });

  test('rows that are added twice are summed', async () => {
    const rows = t.constant([1, 2, 10, 20, 100, 200], { shape: [3, 2] });
    const at = t.constant([1, 0, 1], { dtype: 'int32' });
    expect(await evaluate({ y: t.scatterAddRows(rows, at, [3, 2]) })).toEqual({ y: [10, 20, 101, 202, 0, 0] });
  });

  test('the log-probability of a class equals its entry in the log-softmax', async () => {
    const x = t.constant([1, 2, 3, 0, 0, 1], { shape: [2, 3] });
    const ids = t.constant([2, 0], { dtype: 'int32' });
    const { a, b } = await evaluate({
      a: t.logProbability(x, ids),
      b: t.reshape(t.takeAlong(t.logSoftmax(x), t.reshape(ids, [2, 1]), 1), [2]),
    });
    expect(a).toEqual(b);
  });
});

describe('randomness', () => {
  const draw = async (seeds: number[], stream = 0): Promise<number[]> =>
    (
      await evaluate(
        { u: t.uniform(t.input('seeds', ['n'], 'int32'), [3], { stream }) },
        { seeds: t.int32([seeds.length], seeds) },
      )
    )['u']!;

  test('a seed gives the same numbers at any position; other seeds and streams give others', async () => {
    const [a, b] = [await draw([7, -1]), await draw([-1, 7, 0])];
    expect(a.slice(0, 3)).toEqual(b.slice(3, 6));
    expect(a.slice(3, 6)).toEqual(b.slice(0, 3));
    expect(new Set([...b, ...(await draw([-1, 7, 0], 1))]).size).toBe(18);
  });

  test('uniform numbers fill 64 cells evenly (chi-square), also across neighbouring seeds', async () => {
    const n = 2 ** 16;
    const seeds = t.int32(
      [n],
      Int32Array.from({ length: n }, (_, i) => i - n / 2),
    );
    const { across, along } = await evaluate(
      { across: t.uniform(t.input('seeds', ['n'], 'int32')), along: t.uniform(t.constant(3, { dtype: 'int32' }), [n]) },
      { seeds },
    );
    for (const drawn of [across!, along!]) {
      const counts = Array<number>(64).fill(0);
      for (const u of drawn) counts[Math.floor(u * 64)]!++;
      const chiSquare = counts.reduce((sum, c) => sum + (c - n / 64) ** 2 / (n / 64), 0);
      // A chi-square statistic with 63 degrees of freedom exceeds 103.4 with probability 0.001. The seeds are fixed, so
      // the result never changes.
      expect(chiSquare).toBeLessThan(103.4);
      expect(Math.min(...drawn)).toBeGreaterThan(0);
      expect(Math.max(...drawn)).toBeLessThan(1);
    }
  });

  test('normal numbers have the moments of the normal distribution', async () => {
    const z = t.normal(t.constant(5, { dtype: 'int32' }), [2 ** 16]);
    const { mean, second, fourth } = await evaluate({
      mean: t.reduceMean(z),
      second: t.reduceMean(t.square(z)),
      fourth: t.reduceMean(t.pow(z, 4)),
    });
    expect(Math.abs(mean![0]!)).toBeLessThan(0.015);
    expect(Math.abs(second![0]! - 1)).toBeLessThan(0.02);
    expect(Math.abs(fourth![0]! - 3)).toBeLessThan(0.15);
  });
});

describe('a loop', () => {
  test('carries its state, stacks its outputs and reads outside values', async () => {
    const rate = t.input('rate', []);
    const { state, outputs } = t.loop({
      state: { a: t.constant(1), total: t.constant(0) },
      iterations: 4,
      body: ({ a, total }, i) => {
        const next = t.mul(a, rate);
        return { state: { a: next, total: t.add(total, a) }, outputs: { i, next } };
      },
    });
    const result = await evaluate({ ...state, ...outputs }, { rate: t.float32([], [3]) });
    expect(result).toEqual({ a: [81], total: [40], i: [0, 1, 2, 3], next: [3, 9, 27, 81] });
  });

  test('ends early when `proceed` is false', async () => {
    const zero = t.constant(0, { dtype: 'int32' });
    const { state } = t.loop({
      state: { n: zero },
      iterations: 100,
      body: ({ n }) => ({ state: { n: t.add(n, 1) }, proceed: t.less(n, 6) }),
    });
    expect(await evaluate({ n: state.n })).toEqual({ n: [7] });
  });

  test('rejects a state that changes its shape', () => {
    const build = (): unknown =>
      t.loop({
        state: { a: t.constant([1]) },
        iterations: 2,
        body: ({ a }) => ({ state: { a: t.concat([a, a], 0) } }),
      });
    expect(build).toThrow('the body changes state 0 from float[1] to float[2]');
  });
});
