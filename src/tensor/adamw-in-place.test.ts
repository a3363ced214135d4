import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as t from './index.ts';

type FixtureArray = { readonly shape: readonly number[]; readonly values: readonly number[] };
const { adamw } = JSON.parse(readFileSync(new URL('fixtures/pytorch.json', import.meta.url), 'utf8')) as {
  readonly adamw: {
    readonly x: FixtureArray;
    readonly y: FixtureArray;
    readonly start: Readonly<Record<'w1' | 'b1' | 'w2', FixtureArray>>;
    readonly end: Readonly<Record<'w1' | 'b1' | 'w2', FixtureArray>>;
    readonly norms: readonly number[];
  };
};

const STEP = { learningRate: 1, step: 1, gradientScale: 1, weightDecay: 0 };

function arraysOf(values: Partial<Record<'parameters' | 'gradients' | 'firstMoments' | 'secondMoments', number[]>>) {
  const of = (given: number[] = [0]): Float32Array => Float32Array.from(given);
  return {
    parameters: of(values.parameters),
    gradients: of(values.gradients),
    firstMoments: of(values.firstMoments),
    secondMoments: of(values.secondMoments),
  };
}

describe('adamWInPlace', () => {
  it('agrees with PyTorch after 100 steps with decay, clipping and warm-up within 1e-4', async () => {
    const names = ['w1', 'b1', 'w2'] as const;
    const [w1, b1, w2] = [t.input('w1', [4, 8]), t.input('b1', [8]), t.input('w2', [8, 2])];
    const hidden = t.tanh(t.add(t.matmul(t.input('x', ['batch', 4]), w1), b1));
    const loss = t.reduceMean(t.square(t.sub(t.matmul(hidden, w2), t.input('y', ['batch', 2]))));
    const outputs = Object.fromEntries(t.gradients(loss, [w1, b1, w2]).map((gradient, i) => [names[i]!, gradient]));
    const named = Object.fromEntries(Object.entries(outputs).map(([name, gradient]) => [`g.${name}`, gradient]));
    await using program = await t.compile({ outputs: named }, { threads: 1 });
    const weights = Object.fromEntries(
      names.map((name) => [name, t.float32(adamw.start[name].shape, adamw.start[name].values)]),
    );
    const moments = t.initialMoments(weights);
    const feeds = { x: t.float32(adamw.x.shape, adamw.x.values), y: t.float32(adamw.y.shape, adamw.y.values) };
    const norms: number[] = [];
    for (let step = 1; step <= 100; step++) {
      const gradients = await program.run({ ...feeds, ...weights });
      const all = names.map((name) => gradients[`g.${name}`]!.data as Float32Array);
      const norm = Math.sqrt(all.reduce((sum, g) => sum + t.sumOfSquares(g, { from: 0, to: g.length }), 0));
      norms.push(norm);
      for (const [i, name] of names.entries()) {
        const [m, v] = t.momentNames(name).map((moment) => moments[moment]!.data as Float32Array) as [
          Float32Array,
          Float32Array,
        ];
        const parameters = weights[name]!.data as Float32Array;
        t.adamWInPlace(
          { parameters, gradients: all[i]!, firstMoments: m, secondMoments: v },
          { from: 0, to: parameters.length },
          {
            learningRate: 0.02 * Math.min(1, step / 10),
            step,
            gradientScale: Math.min(1, 0.5 / (norm + 1e-6)),
            beta2: 0.95,
            weightDecay: weights[name]!.shape.length > 1 ? 0.1 : 0,
          },
        );
      }
    }
    for (const name of names) expectClose(weights[name]!.data, adamw.end[name].values);
    expectClose(norms, adamw.norms);
  });

  // In the first step, m̂ = g and √v̂ = |g|, so the parameter changes by −lr · g / (|g| + ε). The change is lr / 2 for
  // |g| = ε, and 3/4 lr for |g| = 3 ε.
  it.each([
    [1e-8, -0.5],
    [3e-8, -0.75],
    [-1e-8, 0.5],
  ])('has ε = 1e-8 by default, so a gradient of %d moves a weight by %d of lr', (gradient, expected) => {
    const arrays = arraysOf({ gradients: [gradient] });
    t.adamWInPlace(arrays, { from: 0, to: 1 }, STEP);
    expect(arrays.parameters[0]).toBeCloseTo(expected, 4);
  });

  it('changes only the elements of its range', () => {
    const four = [1, 2, 3, 4];
    const arrays = arraysOf({ parameters: four, gradients: [5, 6, 7, 8], firstMoments: four, secondMoments: four });
    t.adamWInPlace(arrays, { from: 1, to: 3 }, STEP);
    for (const array of [arrays.parameters, arrays.firstMoments, arrays.secondMoments]) {
      expect([...array].map((value, i) => value === four[i])).toEqual([true, false, false, true]);
    }
  });

  it('sets moments below the smallest normal number to 0', () => {
    const arrays = arraysOf({
      parameters: [1, 1],
      gradients: [0, 0],
      firstMoments: [2 ** -126, -(2 ** -126)],
      secondMoments: [2 ** -126, 2 ** -125],
    });
    t.adamWInPlace(arrays, { from: 0, to: 2 }, STEP);
    expect([...arrays.firstMoments].map(Math.abs)).toEqual([0, 0]);
    expect([...arrays.secondMoments].map((value) => value > 0)).toEqual([false, true]);
  });
});

/** Checks the differences relative to the expected array's largest magnitude. */
function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  const scale = Math.max(...expected.map(Math.abs));
  expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!) / scale))).toBeLessThan(1e-4);
}
