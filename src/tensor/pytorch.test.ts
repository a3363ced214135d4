/**
 * Compares operators with PyTorch. scripts/build/fixtures/tensor_fixtures.py wrote the values in fixtures/pytorch.json.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as t from './index.ts';
import type { HostArray, Tensor } from './index.ts';

type FixtureArray = { readonly shape: readonly number[]; readonly values: readonly number[] };
type Fixtures = {
  readonly operators: readonly {
    readonly name: string;
    readonly inputs: readonly (FixtureArray & { readonly kind: 'real' | 'integer' })[];
    readonly weights: FixtureArray;
    readonly output: FixtureArray;
    readonly gradients: readonly (FixtureArray | null)[];
  }[];
  readonly adamw: {
    readonly x: FixtureArray;
    readonly y: FixtureArray;
    readonly start: Readonly<Record<'w1' | 'b1' | 'w2', FixtureArray>>;
    readonly end: Readonly<Record<'w1' | 'b1' | 'w2', FixtureArray>>;
    readonly losses: readonly number[];
    readonly norms: readonly number[];
  };
};

const fixtures = JSON.parse(readFileSync(new URL('fixtures/pytorch.json', import.meta.url), 'utf8')) as Fixtures;

const builders: Readonly<Record<string, (...inputs: Tensor[]) => Tensor>> = {
  exp: t.exp,
  log: t.log,
  sqrt: t.sqrt,
  tanh: t.tanh,
  sigmoid: t.sigmoid,
  softplus: t.softplus,
  erf: t.erf,
  sin: t.sin,
  cos: t.cos,
  abs: t.abs,
  relu: t.relu,
  gelu: t.gelu,
  silu: t.silu,
  reluSquared: t.reluSquared,
  pow: (x) => t.pow(x, 2.5),
  clip: (x) => t.clip(x, -1, 0.5),
  add: t.add,
  sub: t.sub,
  mul: t.mul,
  div: t.div,
  minimum: t.minimum,
  maximum: t.maximum,
  where: (x, y) => t.where(t.less(x, y), t.mul(x, 2), t.mul(y, 3)),
  reduceSum: (x) => t.reduceSum(x, 1),
  reduceMean: (x) => t.reduceMean(x, [0, 2]),
  reduceMax: (x) => t.reduceMax(x, -1),
  variance: (x) => t.variance(x, -1),
  cumsum: (x) => t.cumsum(x, 1),
  transpose: (x) => t.transpose(x, [2, 0, 1]),
  concat: (x, y) => t.concat([x, y], 1),
  split: (x) => t.concat(t.split(x, 1, [1, 3]).map(t.exp), 1),
  slice: (x) => t.slice(x, 1, 1, 3),
  pad: (x) => t.pad(x, 1, { before: 1, after: 2 }),
  matmul: (x, y) => t.matmul(x, y),
  matmulTurned: (x, y) => t.matmul(x, y, { transposeA: true, transposeB: true, scale: 0.5 }),
  gather: t.gather,
  takeAlong: (x, i) => t.takeAlong(x, i, 1),
  topK: (x) => t.topK(x, 2).values,
  softmax: t.softmax,
  logSoftmax: t.logSoftmax,
  logProbability: t.logProbability,
  layerNorm: (x, scale, bias) => t.layerNorm(x, scale, bias),
  rmsNorm: (x, scale) => t.rmsNorm(x, scale),
  l2Normalize: (x) => t.l2Normalize(x),
  attention(q, k, v) {
    const positions = t.iota(4);
    const visible = t.lessOrEqual(positions, t.reshape(positions, [4, 1]));
    const scores = t.matmul(q, k, { transposeB: true, scale: 1 / Math.sqrt(3) });
    return t.matmul(t.softmax(t.where(visible, scores, -1e9)), v);
  },
};

const float = ({ shape, values }: FixtureArray): HostArray => t.float32(shape, values);

describe('outputs and gradients agree with PyTorch within 1e-5 for', () => {
  test.for(fixtures.operators)('$name', async ({ name, inputs, weights, output, gradients }) => {
    const tensors = inputs.map(({ kind, shape }, i) => t.input(`x${i}`, shape, kind === 'real' ? 'float' : 'int32'));
    const y = builders[name]!(...tensors);
    const real = tensors.filter(({ dtype }) => dtype === 'float');
    const loss = t.reduceSum(t.mul(y, t.input('weights', weights.shape)));
    const grads = t.gradients(loss, real);
    await using program = await t.compile(
      { outputs: { y, ...Object.fromEntries(grads.map((g, i) => [`g${i}`, g])) } },
      { threads: 1 },
    );
    const feeds = Object.fromEntries(
      inputs.map(({ kind, shape, values }, i) => [
        `x${i}`,
        kind === 'real' ? t.float32(shape, values) : t.int32(shape, values),
      ]),
    );
    const result = await program.run({ ...feeds, weights: float(weights) });
    expect(result['y']!.shape).toEqual(output.shape);
    expectClose(result['y']!.data, output.values, 1e-5);
    const expected = gradients.filter((g) => g !== null);
    for (const [i, gradient] of expected.entries()) expectClose(result[`g${i}`]!.data, gradient.values, 1e-5);
  });
});

test('AdamW with decay, clipping and warm-up agrees with PyTorch after 100 steps within 1e-4', async () => {
  const { x, y, start, end, losses, norms } = fixtures.adamw;
  const parameters = { w1: t.input('w1', [4, 8]), b1: t.input('b1', [8]), w2: t.input('w2', [8, 2]) };
  const names = ['w1', 'b1', 'w2'] as const;
  const hidden = t.tanh(t.add(t.matmul(t.input('x', ['batch', 4]), parameters.w1), parameters.b1));
  const loss = t.reduceMean(t.square(t.sub(t.matmul(hidden, parameters.w2), t.input('y', ['batch', 2]))));
  const grads = t.gradients(loss, Object.values(parameters));
  const { gradients, norm } = t.clipByGlobalNorm(Object.fromEntries(names.map((name, i) => [name, grads[i]!])), 0.5);
  const updates = t.adamW(
    { parameters, gradients, learningRate: t.input('learningRate', []), step: t.input('step', []) },
    { beta2: 0.95, weightDecay: 0.1 },
  );
  await using program = await t.compile({ outputs: { loss, norm }, updates }, { threads: 1 });
  const initial = Object.fromEntries(names.map((name) => [name, float(start[name])]));
  const store = new t.Store({ ...initial, ...t.initialMoments(initial) });
  const actual = { losses: [] as number[], norms: [] as number[] };
  for (let step = 0; step < 100; step++) {
    const learningRate = t.float32([], [0.02 * Math.min(1, (step + 1) / 10)]);
    const result = await program.run(
      { x: float(x), y: float(y), learningRate, step: t.float32([], [step + 1]) },
      store,
    );
    actual.losses.push(result['loss']!.data[0]!);
    actual.norms.push(result['norm']!.data[0]!);
  }
  for (const name of names) expectClose(store.get(name).data, end[name].values, 1e-4);
  expectClose(actual.losses, losses, 1e-4);
  expectClose(actual.norms, norms, 1e-4);
});

/** Checks the differences relative to the expected array's largest magnitude. */
function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs), 1e-3);
  expect(Math.max(...expected.map((e, i) => Math.abs(e - actual[i]!) / scale))).toBeLessThan(tolerance);
}
