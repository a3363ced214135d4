/**
 * Compares every operator's gradient with central differences, for random values of the symbolic sizes. The gradient is
 * computed in float32. The differences need more accuracy, so the loss is compiled again in float64.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defined } from '../core/defined.ts';
import { random, type Random } from '../core/random.ts';
import * as t from './index.ts';
import type { HostArray, Shape, Tensor } from './index.ts';
import { substitute } from './dims.ts';

type Case = {
  /**
   * Shapes of the inputs, in terms of the sizes n, m and k. The test checks the gradient with respect to each input
   * that is not an integer.
   */
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly build: (inputs: Record<string, Tensor>) => Tensor;
  /** Integer inputs by name, with their exclusive upper bounds. */
  readonly integers?: Readonly<Record<string, number | 'n' | 'm' | 'k'>>;
  /** Bounds of the real inputs. The default is [-2, 2]. */
  readonly range?: readonly [number, number];
};

const one = { x: ['n', 'm'] } as const;
const two = { x: ['n', 'm'], y: ['n', 'm'] } as const;
const repeated = { x: ['n', 'm', 'k'], y: ['m', 1] } as const;
const unary = (f: (x: Tensor) => Tensor, range?: readonly [number, number]): Case => ({
  shapes: one,
  build: ({ x }) => f(x!),
  ...defined({ range }),
});
const binary = (f: (x: Tensor, y: Tensor) => Tensor, range?: readonly [number, number]): Case => ({
  shapes: repeated,
  build: ({ x, y }) => f(x!, y!),
  ...defined({ range }),
});

const cases: Readonly<Record<string, Case>> = {
  neg: unary(t.neg),
  exp: unary(t.exp),
  log: unary(t.log, [0.3, 3]),
  sqrt: unary(t.sqrt, [0.3, 3]),
  rsqrt: unary(t.rsqrt, [0.3, 3]),
  reciprocal: unary(t.reciprocal, [0.5, 3]),
  tanh: unary(t.tanh),
  sigmoid: unary(t.sigmoid),
  softplus: unary(t.softplus),
  abs: unary(t.abs, [0.1, 2]),
  'abs of negatives': unary(t.abs, [-2, -0.1]),
  relu: unary(t.relu, [0.1, 2]),
  'relu of negatives': unary(t.relu, [-2, -0.1]),
  reluSquared: unary(t.reluSquared),
  sin: unary(t.sin),
  cos: unary(t.cos),
  erf: unary(t.erf),
  gelu: unary(t.gelu),
  silu: unary(t.silu),
  square: unary(t.square),
  'pow 3': unary((x) => t.pow(x, 3)),
  'pow 1.5': unary((x) => t.pow(x, 1.5), [0.3, 3]),
  'clip inside': unary((x) => t.clip(x, -3, 3)),
  'clip outside': unary((x) => t.clip(x, -3, 0.5), [0.6, 2]),
  add: binary(t.add),
  'add, the smaller first': binary((x, y) => t.add(y, x)),
  sub: binary(t.sub),
  'sub, the smaller first': binary((x, y) => t.sub(y, x)),
  mul: binary(t.mul),
  div: binary(t.div, [0.5, 2]),
  'div, the smaller first': binary((x, y) => t.div(y, x), [0.5, 2]),
  minimum: binary((x, y) => t.minimum(x, t.add(y, 5))),
  maximum: binary((x, y) => t.maximum(x, t.add(y, 5))),
  where: binary((x, y) => t.where(t.less(t.iota('k'), t.constant(2, { dtype: 'int32' })), x, y)),
  'with a number': unary((x) => t.sub(2, t.div(1, t.add(t.mul(x, 0.5), 3)))),
  reduceSum: unary((x) => t.reduceSum(x, 0)),
  'reduceSum of all': unary((x) => t.reduceSum(x)),
  'reduceMean over a symbolic axis': unary((x) => t.reduceMean(x, 0, { keep: true })),
  'reduceMean of all': unary((x) => t.reduceMean(x)),
  reduceMax: unary((x) => t.reduceMax(x, -1)),
  variance: unary((x) => t.variance(x, -1)),
  cumsum: unary((x) => t.cumsum(x, 1)),
  'cumsum, exclusive and reversed': unary((x) => t.cumsum(x, 0, { exclusive: true, reverse: true })),
  broadcastTo: { shapes: { x: ['m', 1] }, build: ({ x }) => t.broadcastTo(x!, ['n', 'm', 'k']) },
  reshape: { shapes: { x: ['n', 'm', 4] }, build: ({ x }) => t.reshape(x!, ['n*m', 2, 2]) },
  'reshape with the rest': { shapes: { x: ['n', 'm', 4] }, build: ({ x }) => t.reshape(x!, [-1, 'm']) },
  transpose: { shapes: { x: ['n', 'm', 'k'] }, build: ({ x }) => t.transpose(x!, [1, 2, 0]) },
  concat: { shapes: { x: ['n', 'm'], y: ['n', 'k'], z: ['n', 1] }, build: ({ x, y, z }) => t.concat([x!, y!, z!], 1) },
  split: {
    shapes: { x: ['n', 'm+3'] },
    build({ x }) {
      const [a, b, c] = t.split(x!, 1, ['m', 2, 1]);
      return t.concat([t.exp(a!), t.mul(b!, c!)], -1);
    },
  },
  'split with an unused part': { shapes: { x: ['n', 'm+2'] }, build: ({ x }) => t.exp(t.split(x!, 1, ['m', 2])[1]!) },
  slice: { shapes: { x: ['n', 'm+3'] }, build: ({ x }) => t.slice(x!, 1, 1, 'm+2') },
  pad: unary((x) => t.pad(x, 0, { before: 1, after: 'm' })),
  matmul: { shapes: { x: ['n', 'm'], y: ['m', 'k'] }, build: ({ x, y }) => t.matmul(x!, y!) },
  'matmul, a transposed': {
    shapes: { x: ['m', 'n'], y: ['m', 'k'] },
    build: ({ x, y }) => t.matmul(x!, y!, { transposeA: true }),
  },
  'matmul, b transposed': {
    shapes: { x: ['n', 'm'], y: ['k', 'm'] },
    build: ({ x, y }) => t.matmul(x!, y!, { transposeB: true, scale: 0.5 }),
  },
  'matmul, both transposed': {
    shapes: { x: ['m', 'n'], y: ['k', 'm'] },
    build: ({ x, y }) => t.matmul(x!, y!, { transposeA: true, transposeB: true }),
  },
  'matmul of a batch with one matrix': {
    shapes: { x: [2, 'n', 'm'], y: ['m', 'k'] },
    build: ({ x, y }) => t.matmul(x!, y!),
  },
  'matmul of a batch with one transposed matrix': {
    shapes: { x: [2, 'n', 'm'], y: ['k', 'm'] },
    build: ({ x, y }) => t.matmul(x!, y!, { transposeB: true }),
  },
  'matmul of one transposed matrix with a batch': {
    shapes: { x: ['m', 'n'], y: [2, 'm', 'k'] },
    build: ({ x, y }) => t.matmul(x!, y!, { transposeA: true }),
  },
  'matmul of a transposed batch with one matrix': {
    shapes: { x: [2, 'm', 'n'], y: ['m', 'k'] },
    build: ({ x, y }) => t.matmul(x!, y!, { transposeA: true }),
  },
  'matmul of batches': {
    shapes: { x: [2, 1, 'n', 'm'], y: ['n', 'k', 'm'] },
    build: ({ x, y }) => t.matmul(x!, y!, { transposeB: true, scale: 2 }),
  },
  gather: { shapes: { x: ['n', 'm'], i: ['k', 2] }, integers: { i: 'n' }, build: ({ x, i }) => t.gather(x!, i!) },
  'gather from a vector': {
    shapes: { x: ['n'], i: ['k', 2] },
    integers: { i: 'n' },
    build: ({ x, i }) => t.gather(x!, i!),
  },
  scatterAddRows: {
    shapes: { x: ['k', 2, 'm'], i: ['k', 2] },
    integers: { i: 'n' },
    build: ({ x, i }) => t.square(t.scatterAddRows(x!, i!, ['n', 'm'])),
  },
  takeAlong: {
    shapes: { x: ['n', 'm'], i: ['n', 3] },
    integers: { i: 'm' },
    build: ({ x, i }) => t.takeAlong(x!, i!, 1),
  },
  scatterAddAlong: {
    shapes: { x: ['n', 3], i: ['n', 3] },
    integers: { i: 'm' },
    build: ({ x, i }) => t.square(t.scatterAddAlong(x!, i!, 1, ['n', 'm'])),
  },
  addAt: {
    shapes: { x: ['n', 'm'], y: ['n', 3], i: ['n', 3] },
    integers: { i: 'm' },
    build: ({ x, y, i }) => t.square(t.addAt(x!, y!, i!, 1)),
  },
  topK: { shapes: { x: ['n', 6] }, build: ({ x }) => t.square(t.topK(x!, 3).values) },
  softmax: unary((x) => t.softmax(x)),
  logSoftmax: unary((x) => t.logSoftmax(x)),
  logProbability: {
    shapes: { x: ['n', 2, 'm'], i: ['n', 2] },
    integers: { i: 'm' },
    build: ({ x, i }) => t.logProbability(x!, i!),
  },
  layerNorm: { shapes: { x: ['n', 2, 5], y: [5], z: [5] }, build: ({ x, y, z }) => t.layerNorm(x!, y!, z!) },
  rmsNorm: { shapes: { x: ['n', 2, 5], y: [5] }, build: ({ x, y }) => t.rmsNorm(x!, y!) },
  l2Normalize: { shapes: { x: ['n', 5] }, build: ({ x }) => t.l2Normalize(x!) },
  'a tensor used twice': { shapes: two, build: ({ x, y }) => t.add(t.mul(x!, y!), t.exp(x!)) },
  'a gradient of a gradient': {
    shapes: one,
    build: ({ x }) => t.gradients(t.reduceSum(t.exp(t.mul(x!, x!))), [x!])[0]!,
    range: [-1, 1],
  },
};

/**
 * Step of the central differences. A smaller step would amplify the rounding errors of kernels that compute in float32
 * (erf). A larger step would increase the error from the third derivative.
 */
const DIFFERENCE = 2e-3;

describe('the gradient agrees with central differences within 1e-3 for', () => {
  test.for(Object.keys(cases))('%s', async (name) => {
    const { shapes, build, integers = {}, range = [-2, 2] } = cases[name]!;
    const inputs = Object.fromEntries(
      Object.entries(shapes).map(([key, shape]) => [key, t.input(key, shape, key in integers ? 'int32' : 'float')]),
    );
    const real = Object.keys(shapes).filter((key) => !(key in integers));
    const y = build(inputs);
    // The loss weights the outputs at random, because the gradient of a plain sum can hide mistakes: for softmax, it is
    // always zero.
    const loss = t.reduceSum(t.mul(y, t.input('weights', y.shape)));
    const grads = t.gradients(
      loss,
      real.map((key) => inputs[key]!),
    );
    const anchors = t.input('sizes', ['n', 'm', 'k']);
    const anchor = t.mul(t.reduceSum(anchors), 0);
    const outputs = {
      loss: t.add(loss, anchor),
      ...Object.fromEntries(real.map((key, i) => [`grad ${key}`, grads[i]!])),
    };
    await using single = await t.compile({ outputs }, { threads: 1 });
    await using double = await t.compile({ outputs: { loss: outputs.loss } }, { threads: 1, precision: 'float64' });
    const size = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(fc.record({ n: size, m: size, k: size }), fc.integer(), async (bound, seed) => {
        const generator = random(seed);
        const feeds: Record<string, HostArray> = {
          sizes: t.float32([bound.n, bound.m, bound.k], Array(bound.n * bound.m * bound.k).fill(0)),
        };
        for (const [key, shape] of [...Object.entries(shapes), ['weights', y.shape] as const]) {
          const dims = shape.map((d) => Number(substitute(d, bound)));
          const limit = integers[key];
          feeds[key] =
            limit === undefined
              ? drawn(dims, key === 'weights' ? [0.5, 1.5] : range, generator)
              : drawnInt(dims, typeof limit === 'number' ? limit : bound[limit], generator);
        }
        const result = await single.run(feeds);
        const exact = Object.fromEntries(
          Object.entries(feeds).map(([key, a]) => [
            key,
            a.dtype === 'float32' ? t.array('float64', a.shape, a.data) : a,
          ]),
        );
        for (const key of real) {
          const { data } = exact[key]!;
          const expected: number[] = [];
          for (let i = 0; i < data.length; i++) {
            const value = data[i]!;
            const lossAt = async (x: number): Promise<number> => {
              data[i] = x;
              return (await double.run(exact))['loss']!.data[0]!;
            };
            expected.push(((await lossAt(value + DIFFERENCE)) - (await lossAt(value - DIFFERENCE))) / (2 * DIFFERENCE));
            data[i] = value;
          }
          expect(relativeError(result[`grad ${key}`]!.data, expected), `gradient of ${key}`).toBeLessThan(1e-3);
        }
      }),
      { numRuns: 6, seed: 1 },
    );
  });
});

/**
 * Returns the largest difference divided by the largest expected magnitude. The divisor is at least 0.1, for gradients
 * near 0.
 */
function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  const scale = Math.max(0.1, ...expected.map(Math.abs));
  return Math.max(0, ...expected.map((e, i) => Math.abs(e - actual[i]!))) / scale;
}

/**
 * Draws distinct values from a jittered grid. The values are so far apart that a difference step changes neither a
 * maximum nor the order.
 */
function drawn(shape: readonly number[], [low, high]: readonly [number, number], generator: Random): HostArray {
  const size = shape.reduce((a, b) => a * b, 1);
  const order = Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const j = generator.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return t.float32(
    shape,
    order.map((i) => low + ((high - low) * (i + 0.25 + generator.next() / 2)) / size),
  );
}

const drawnInt = (shape: readonly number[], bound: number, generator: Random): HostArray =>
  t.int32(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => generator.integer(bound)),
  );
