import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { GlobeError } from '../core/errors.ts';
import { random } from '../core/random.ts';
import * as t from './index.ts';
import type { HostArray, Tensor } from './index.ts';

const values = ({ data }: HostArray): number[] => [...data];

/** Builds a small regression with AdamW. It has all parts of a training step. */
function regression(): {
  definition: t.ProgramDefinition;
  store: t.Store;
  feeds: (step: number) => Record<string, HostArray>;
} {
  const flat = { hidden: t.input('hidden', [4, 8]), out: t.input('out', [8, 1]) };
  const x = t.input('x', ['batch', 4]);
  const prediction = t.matmul(t.gelu(t.matmul(x, flat.hidden)), flat.out);
  const loss = t.reduceMean(t.square(t.sub(prediction, t.slice(x, 1, 0, 1))));
  const grads = t.gradients(loss, Object.values(flat));
  const named = Object.fromEntries(Object.keys(flat).map((name, i) => [name, grads[i]!]));
  const { gradients, norm } = t.clipByGlobalNorm(named, 1);
  const rates = { learningRate: t.input('learningRate', []), step: t.input('step', []) };
  const updates = t.adamW({ parameters: flat, gradients, ...rates });
  const generator = random(1);
  const drawn = (shape: number[]): HostArray =>
    t.float32(
      shape,
      Array.from({ length: shape[0]! * shape[1]! }, () => generator.normal() / 2),
    );
  const arrays = { hidden: drawn([4, 8]), out: drawn([8, 1]) };
  const feeds = (step: number): Record<string, HostArray> => ({
    x: t.float32(
      [6, 4],
      Array.from({ length: 24 }, (_, i) => Math.sin(i * (step + 1))),
    ),
    learningRate: t.float32([], [0.05]),
    step: t.float32([], [step + 1]),
  });
  return {
    definition: { outputs: { loss, norm }, updates },
    store: new t.Store({ ...arrays, ...t.initialMoments(arrays) }),
    feeds,
  };
}

async function losses(
  program: t.Program,
  store: t.Store,
  feeds: (step: number) => Record<string, HostArray>,
  from: number,
  to: number,
): Promise<number[]> {
  const result: number[] = [];
  for (let step = from; step < to; step++) result.push((await program.run(feeds(step), store))['loss']!.data[0]!);
  return result;
}

describe('training', () => {
  test('lowers the loss, and gives the same bits on every run', async () => {
    const first = regression();
    const second = regression();
    await using a = await t.compile(first.definition, { threads: 2 });
    await using b = await t.compile(second.definition, { threads: 2 });
    const one = await losses(a, first.store, first.feeds, 0, 40);
    expect(one.at(-1)!).toBeLessThan(one[0]! / 2);
    expect(await losses(b, second.store, second.feeds, 0, 40)).toEqual(one);
  });

  test('resumes with the same bits from a safetensors file', async () => {
    const { definition, store, feeds } = regression();
    await using program = await t.compile(definition, { threads: 2 });
    await losses(program, store, feeds, 0, 10);
    const bytes = t.writeSafetensors(store.snapshot());
    const expected = await losses(program, store, feeds, 10, 30);
    await using again = await t.compile(definition, { threads: 2 });
    expect(await losses(again, new t.Store(t.readSafetensors(bytes).arrays), feeds, 10, 30)).toEqual(expected);
  });

  test('later steps do not change a snapshot, and a failed step does not change the store', async () => {
    const { definition, store, feeds } = regression();
    await using program = await t.compile(definition, { threads: 1 });
    const before = store.snapshot();
    const copy = values(before['hidden']!);
    await losses(program, store, feeds, 0, 2);
    expect(values(before['hidden']!)).toEqual(copy);
    expect(values(store.get('hidden'))).not.toEqual(copy);
    const now = store.snapshot();
    await expect(program.run({ ...feeds(0), x: t.float32([6, 3], new Float32Array(18)) }, store)).rejects.toThrow(
      GlobeError,
    );
    expect(store.snapshot()).toEqual(now);
  });

  test('the gradient accumulated over halves of a batch equals that of the whole', async () => {
    const w = t.input('w', [3]);
    const x = t.input('x', ['batch', 3]);
    const loss = t.reduceSum(t.exp(t.mul(x, w)));
    const gradients = { w: t.gradients(loss, [w])[0]! };
    await using add = await t.compile({ updates: t.accumulate(gradients) }, { threads: 1 });
    const { gradients: sums, reset } = t.accumulated({ w });
    await using read = await t.compile({ outputs: { sum: sums['w']! }, updates: reset }, { threads: 1 });
    const store = new t.Store({
      w: t.float32([3], [0.1, 0.2, 0.3]),
      ...t.initialAccumulators({ w: t.float32([3], [0, 0, 0]) }),
    });
    const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((i) => i / 10);
    const sumOf = async (...parts: (readonly [number, number])[]): Promise<number[]> => {
      for (const [from, to] of parts)
        await add.run({ x: t.float32([to - from, 3], rows.slice(from * 3, to * 3)) }, store);
      return values((await read.run({}, store))['sum']!);
    };
    const whole = await sumOf([0, 4]);
    const halves = await sumOf([0, 2], [2, 4]);
    for (const [i, value] of whole.entries()) expect(halves[i]).toBeCloseTo(value, 5);
  });
});

test('a program writes the outputs in `into` to the given arrays, also in shared memory', async () => {
  const x = t.input('x', ['n']);
  await using program = await t.compile({ outputs: { doubled: t.mul(x, 2), sum: t.reduceSum(x) } });
  const memory = new Float32Array(new SharedArrayBuffer(16)).fill(7);
  const doubled = t.float32([2], memory.subarray(1, 3));
  const outputs = await program.run({ x: t.float32([2], [3, 4]) }, undefined, { doubled });
  expect([...memory]).toEqual([7, 6, 8, 7]);
  expect(Object.keys(outputs)).toEqual(['sum']);
  expect(values(outputs['sum']!)).toEqual([7]);
});

describe('a store', () => {
  const x = t.input('x', ['n']);
  const doubling = { outputs: { sum: t.reduceSum(x) }, updates: { x: t.mul(x, 2) } };
  const bytesOf = (store: t.Store): ArrayBufferLike => (store.value('x')!.data as Float32Array).buffer;

  test('frees a replaced array unless a caller holds it', async () => {
    await using program = await t.compile(doubling);
    const array = t.float32([3], [1, 2, 3]);
    const store = new t.Store({ x: array });
    await program.run({}, store);
    const first = bytesOf(store);
    await program.run({}, store);
    expect(first.byteLength).toBe(0);
    const handed = store.get('x');
    await program.run({}, store);
    expect(values(handed)).toEqual([4, 8, 12]);
    expect(values(array)).toEqual([1, 2, 3]);
    expect(values(store.get('x'))).toEqual([8, 16, 24]);
  });

  test('keeps arrays that another run still reads', async () => {
    await using program = await t.compile(doubling);
    await using reader = await t.compile({ outputs: { sum: t.reduceSum(x) } });
    const store = new t.Store({ x: t.float32([2], [1, 2]) });
    await program.run({}, store);
    const runs = [program.run({}, store), reader.run({}, store), program.run({}, store), reader.run({}, store)];
    const sums = (await Promise.all(runs)).map(({ sum }) => sum!.data[0]!);
    expect(sums).toEqual([6, 6, 6, 6]);
    expect(values(store.get('x'))).toEqual([4, 8]);
  });
});

describe('a graph', () => {
  const countOps = (bytes: Uint8Array, op: string): number =>
    new TextDecoder('latin1').decode(bytes).split(`"${String.fromCharCode(op.length)}${op}`).length - 1;

  test('computes a repeated expression once, and omits what no output needs', () => {
    const x = t.input('x', ['n', 4]);
    const bytes = t.toOnnx({ outputs: { y: t.add(t.exp(x), t.exp(x)) } });
    t.tanh(x);
    expect(countOps(bytes, 'Exp')).toBe(1);
    expect(countOps(bytes, 'Tanh')).toBe(0);
  });

  test('compiles to the same bytes when rebuilt', () => {
    expect(t.toOnnx(regression().definition)).toEqual(t.toOnnx(regression().definition));
  });

  test('omits factors of one, terms of zero, and no-op reshapes and transposes', () => {
    const x = t.input('x', ['n', 4]);
    expect(t.mul(t.add(x, 0), 1)).toBe(x);
    expect(t.reshape(t.reshape(x, ['n', 2, 2]), ['n', 4])).toBe(x);
    expect(t.transpose(x, [0, 1])).toBe(x);
    expect(t.slice(x, 1, 0, 4)).toBe(x);
  });

  test('runs at any size of its named dimensions, or at a size fixed at compile time', async () => {
    const x = t.input('x', ['batch', 'sequence', 2]);
    const flat = t.reshape(x, ['batch*sequence', 2]);
    const y = t.add(
      t.slice(t.pad(flat, 0, { after: 'sequence' }), 0, 1, 'batch*sequence+1'),
      t.dimension('sequence', 'float'),
    );
    const feed = {
      x: t.float32(
        [2, 3, 2],
        Array.from({ length: 12 }, (_, i) => i),
      ),
    };
    const expected = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 3, 3];
    await using any = await t.compile({ outputs: { y } });
    expect(values((await any.run(feed))['y']!)).toEqual(expected);
    expect((await any.run({ x: t.float32([1, 1, 2], [1, 2]) }))['y']!.shape).toEqual([1, 2]);
    await using fixed = await t.compile({ outputs: { y } }, { sizes: { batch: 2, sequence: 3 } });
    expect(values((await fixed.run(feed))['y']!)).toEqual(expected);
    await expect(fixed.run({ x: t.float32([1, 1, 2], [1, 2]) })).rejects.toThrow('but is float32[1, 1, 2]');
  });

  test('stores constant weights in the file', async () => {
    const y = t.matmul(t.input('x', ['n', 2]), t.input('w', [2, 1]));
    await using program = await t.compile({ outputs: { y } }, { constants: { w: t.float32([2, 1], [3, 4]) } });
    expect(values((await program.run({ x: t.float32([1, 2], [1, 2]) }))['y']!)).toEqual([11]);
  });

  test('a template compiles with new constants, also from shared memory', async () => {
    const x = t.input('x', ['n', 2]);
    const y = t.matmul(t.exp(x), t.input('w', [2, 1]));
    const first = { w: t.float32([2, 1], [3, 4]), unused: t.float32([1], [0]) };
    const template = new t.ProgramTemplate({ outputs: { y } }, { constants: first });
    const feeds = { x: t.float32([1, 2], [0, 0]) };
    const memory = new Float32Array(new SharedArrayBuffer(16));
    memory.set([1, 10, 20], 1);
    for (const [constants, expected] of [
      [first, 7],
      [{ w: t.float32([2, 1], memory.subarray(2)) }, 30],
      [first, 7],
    ] as const) {
      await using program = await template.compile(constants);
      expect(values((await program.run(feeds))['y']!)).toEqual([expected]);
    }
    await expect(template.compile({ w: t.float32([1, 2], [3, 4]) })).rejects.toThrow(
      'The constant "w" must be float32[2, 1], but is float32[1, 2].',
    );
    await expect(template.compile({})).rejects.toThrow('"w" must be float32[2, 1], but is missing');
  });

  test('rejects a constant of another shape', () => {
    const y = t.matmul(t.input('x', ['n', 2]), t.input('w', [2, 1]));
    const constants = { w: t.float32([1, 2], [3, 4]) };
    expect(() => t.toOnnx({ outputs: { y } }, { constants })).toThrow(
      '"w" has shape [2, 1], but its constant has shape [1, 2]',
    );
  });

  test('accepts an operator defined elsewhere, with its gradient', async () => {
    const cube: (x: Tensor) => Tensor = (x) => operator([x], null);
    const operator = t.define<null>({
      name: 'cube',
      infer: ([x]) => x!,
      emit: (e, [x]) => e.op('Mul', [e.op('Mul', [x!, x!]), x!]),
      gradient: ({ g, inputs: [x] }) => [t.mul(g, t.mul(t.square(x!), 3))],
    });
    const x = t.input('x', [2]);
    const y = t.reduceSum(cube(x));
    await using program = await t.compile({ outputs: { y, g: t.gradients(y, [x])[0]! } });
    const { y: sum, g } = await program.run({ x: t.float32([2], [2, -1]) });
    expect([values(sum!), values(g!)]).toEqual([[7], [12, 3]]);
  });

  test('returns float64 in float64, also through float32 kernels', async () => {
    await using program = await t.compile({ outputs: { y: t.gelu(t.input('x', [2])) } }, { precision: 'float64' });
    const { y } = await program.run({ x: t.array('float64', [2], [1, -1]) });
    expect(y!.dtype).toBe('float64');
    expect(y!.data[0]).toBeCloseTo(0.8413447, 6);
  });
});

describe('an error names the operator, the shapes and the line', () => {
  const x = t.input('x', ['batch', 3]);
  const here = 'program.test.ts';
  const thrown = (build: () => unknown): string => {
    try {
      build();
    } catch (error) {
      expect(error).toBeInstanceOf(GlobeError);
      return (error as GlobeError).message;
    }
    throw new Error('It did not throw.');
  };

  test('when matrices do not fit', () => {
    const message = thrown(() => t.matmul(x, t.input('w', [4, 2])));
    expect(message).toContain('matmul(float[batch, 3], float[4, 2]): the inner dimensions differ');
    expect(message).toContain(here);
  });

  test('when named sizes differ', () => {
    expect(thrown(() => t.add(x, t.input('y', ['sequence', 3])))).toContain(
      'add(float[batch, 3], float[sequence, 3]): [batch, 3] and [sequence, 3] cannot be broadcast, because batch and sequence differ',
    );
  });

  test('when the loss is not a scalar, or does not depend on the tensor', () => {
    expect(thrown(() => t.gradients(t.exp(x), [x]))).toContain('only a real scalar has a gradient');
    expect(thrown(() => t.gradients(t.reduceSum(x), [t.input('unused', [2])]))).toContain(
      'gradients(float[2]): the loss built at',
    );
    expect(t.gradients(t.reduceSum(x), [t.input('unused', [2])], { ifUnused: 'zero' })[0]!.shape).toEqual([2]);
  });

  test('when the path passes a loop, and not when the gradient is stopped there', () => {
    const looped = (start: Tensor): Tensor =>
      t.loop({ state: { a: start }, iterations: 3, body: ({ a }) => ({ state: { a: t.mul(a, 2) } }) }).state.a;
    const message = thrown(() => t.gradients(t.reduceSum(looped(x)), [x]));
    expect(message).toContain('loop(float[batch, 3], float[]): this operator has no gradient');
    expect(message).toContain(here);
    const stopped = t.stopGradient(looped(x));
    expect(t.gradients(t.reduceSum(t.mul(stopped, x)), [x])[0]!.shape).toEqual(['batch', 3]);
  });

  test('when indices are real, an axis is missing, or no input defines a size', () => {
    expect(thrown(() => t.gather(x, x))).toContain('gather(float[batch, 3], float[batch, 3]): indices must be int32');
    expect(thrown(() => t.reduceSum(x, 2))).toContain('axis 2 does not exist');
    expect(thrown(() => t.toOnnx({ outputs: { y: t.iota('elsewhere') } }))).toContain(
      '"elsewhere" is unknown, because no input',
    );
  });

  test('when a program is run with an input that is missing or does not fit', async () => {
    await using program = await t.compile({ outputs: { y: t.add(x, t.input('z', ['batch', 1])) } });
    await expect(program.run({ x: t.float32([2, 3], new Float32Array(6)) })).rejects.toThrow('input "z" is missing');
    const feeds = { x: t.float32([2, 3], new Float32Array(6)), z: t.float32([3, 1], [1, 2, 3]) };
    await expect(program.run(feeds)).rejects.toThrow('"z" must be float32[batch, 1], but is float32[3, 1] (batch = 2)');
  });
});

test('2,000 runs of a compiled step leave no memory behind', async () => {
  const w = t.input('w', [128, 128]);
  const loss = t.reduceMean(t.square(t.matmul(t.input('x', ['batch', 128]), w)));
  const updates = { w: t.sub(w, t.mul(t.gradients(loss, [w])[0]!, 0.01)) };
  await using program = await t.compile({ outputs: { loss }, updates }, { threads: 1 });
  const store = new t.Store({ w: t.float32([128, 128], new Float32Array(128 * 128).fill(0.1)) });
  const feeds = { x: t.float32([4, 128], new Float32Array(4 * 128).fill(1)) };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const residentMb = (): number => {
    collect();
    return process.memoryUsage().rss / 2 ** 20;
  };
  const run = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await program.run(feeds, store);
  };
  await run(300);
  const before = residentMb();
  await run(2000);
  // If each step leaked its state, memory would grow by 125 MB.
  expect(residentMb() - before).toBeLessThan(30);
});
