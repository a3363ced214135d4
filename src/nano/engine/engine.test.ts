import { afterEach, describe, expect, it, vi } from 'vitest';
import { numberedImage, tinyCheckpoint } from '../../../test/support/tiny-nano.ts';
import type { LossSequence } from '../learning/trainer.ts';
import type { SampleRequest } from '../sampling/requests.ts';
import { LocalEngine } from './local-engine.ts';
import type { NanoEngine } from './nano-engine.ts';
import { WorkerEngine } from './worker-engine.ts';

const checkpoint = tinyCheckpoint();
const optimizer = { maxGradientNorm: 0.1, weightDecay: 0.01 };
const [first, second, third] = await Promise.all([3, 77, 1234].map(numberedImage));

/** Number of running threads: each has a port. */
const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

const open: NanoEngine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine[Symbol.asyncDispose]()));
});

function newEngine(
  workers: 'local' | number,
  more: Partial<ConstructorParameters<typeof LocalEngine>[0]> = {},
): NanoEngine {
  const options = { ...checkpoint, optimizer, ...more };
  const engine =
    workers === 'local' ? new LocalEngine({ ...options, threads: 1 }) : new WorkerEngine({ ...options, workers });
  open.push(engine);
  return engine;
}

/** Sequences of several lengths, some with an image. Two of them share a prompt. */
const data: readonly LossSequence[] = [
  { image: first!, promptTokens: [1, 2, 40, 41, 4, 3], length: 9 },
  { image: first!, promptTokens: [1, 2, 40, 41, 4, 3], length: 4 },
  { image: second!, promptTokens: [1, 2, 40, 41, 4, 3], length: 14 },
  { image: third!, promptTokens: [1, 2, 50, 3], length: 5 },
  { promptTokens: [1, 60, 61, 62, 63, 3], length: 21 },
  { promptTokens: [1, 70, 3], length: 3 },
].map(({ length, ...sequence }, i) => ({
  ...sequence,
  completionTokens: Array.from({ length }, (_, j) => 10 + ((i * 37 + j * 11) % 250)),
  inputs: { weights: Array.from({ length }, (_, j) => 0.01 * (1 + ((i + j) % 3))) },
}));
const LOSS = { loss: 'cross_entropy' } as const;

const request = (samples: number, more: Partial<SampleRequest['options']> = {}): SampleRequest => ({
  image: first!,
  promptTokens: [1, 2, 40, 41, 4, 3],
  samples,
  options: { maxTokens: 16, seed: 8, ...more },
});

/** Trains for some steps of two batches each. Returns all results that the engine computed. */
async function train(engine: NanoEngine, steps = 3): Promise<unknown> {
  const seen: unknown[] = [];
  for (let step = 0; step < steps; step++) {
    seen.push(await engine.forwardBackward(data, LOSS), await engine.forwardBackward(data.slice(1, 3), LOSS));
    seen.push(await engine.optimStep({ learningRate: 3e-3 }), await engine.sample([request(3), request(2)]));
    seen.push(await engine.computeLogprobs(data));
  }
  return [...seen, await engine.state()];
}

describe('WorkerEngine', () => {
  it('with one worker equals LocalEngine bit for bit', async () => {
    expect(await train(newEngine(1))).toEqual(await train(newEngine('local')));
  });

  it('with two workers gives the same bits in every run', async () => {
    expect(await train(newEngine(2))).toEqual(await train(newEngine(2)));
  });

  it.each([2, 3])('with %d workers computes the results of one within 1e-5', async (workers) => {
    const [alone, together] = [newEngine('local'), newEngine(workers)];
    const [expected, actual] = await Promise.all([alone, together].map((engine) => engine.forwardBackward(data, LOSS)));
    expect(actual!.loss).toBeCloseTo(expected!.loss, 5);
    expectClose(actual!.logprobs.flat(), expected!.logprobs.flat());
    const [before, sums] = [(await alone.state()).arrays, (await together.state()).arrays];
    expect(Object.keys(sums)).toEqual(Object.keys(before));
    for (const [name, { data: values }] of Object.entries(before)) expectClose(sums[name]!.data, values, name);
    const [one, several] = await Promise.all(
      [alone, together].map((engine) => engine.optimStep({ learningRate: 1e-3 })),
    );
    expect(several!.gradientNorm / one!.gradientNorm).toBeCloseTo(1, 5);
    const after = (await together.state()).arrays;
    for (const [name, { data: values }] of Object.entries((await alone.state()).arrays)) {
      expectClose(after[name]!.data, values, name);
    }
  });

  it('draws the samples of one sampler, in order', async () => {
    const requests = [request(5), request(1, { temperature: 0 }), request(4, { seed: 9 })];
    const tokens = async (engine: NanoEngine): Promise<unknown> =>
      (await engine.sample(requests)).map((list) => list.map((sequence) => sequence.tokens));
    expect(await tokens(newEngine(2))).toEqual(await tokens(newEngine('local')));
  });

  it('samples from the current weights, even when calls overlap', async () => {
    const [local, engine] = [newEngine('local'), newEngine(2)];
    const draw = async (from: NanoEngine): Promise<unknown> =>
      (await from.sample([request(4)]))[0]!.map(({ tokens }) => tokens);
    const before = await draw(local);
    for (const each of [local, engine]) await each.forwardBackward(data, LOSS);
    const step = { learningRate: 0.05 };
    const drawn = await Promise.all([draw(engine), engine.optimStep(step), draw(engine)]);
    await local.optimStep(step);
    const after = await draw(local);
    expect(after).not.toEqual(before);
    expect([before, after]).toContainEqual(drawn[0]);
    expect(drawn[2]).toEqual(after);
  });

  it('scores with frozen weights, whatever it learns', async () => {
    const other = tinyCheckpoint({ seed: 5 });
    const expected = await newEngine('local', other).computeLogprobs(data);
    for (const workers of ['local', 2] as const) {
      const engine = newEngine(workers);
      await using frozen = engine.frozen(other.parameters);
      await train(engine, 1);
      expectClose((await frozen.computeLogprobs(data)).flat(), expected.flat());
    }
  });

  it('continues from a saved state bit for bit, also with gradients that wait for their step', async () => {
    const engine = newEngine(2);
    await train(engine, 2);
    await engine.forwardBackward(data, LOSS);
    const state = await engine.state();
    const resumed = newEngine(2, tinyCheckpoint({ seed: 9 }));
    await resumed.restore(state);
    expect(await train(resumed)).toEqual(await train(engine));
  });

  it('trains only the chosen parameters', async () => {
    const engine = newEngine(2, { trainable: (name) => !name.startsWith('vision.') });
    const before = await engine.parameters();
    await train(engine, 1);
    const changed = Object.entries(await engine.parameters()).filter(([name, { data: values }]) =>
      values.some((value, i) => value !== before[name]!.data[i]),
    );
    expect(changed.map(([name]) => name)).toEqual(Object.keys(before).filter((name) => !name.startsWith('vision.')));
  });
});

describe('an error in a worker', () => {
  it('reaches the caller, and later calls succeed', async () => {
    const engine = newEngine(2);
    await expect(engine.sample([request(2, { temperature: -1 })])).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'Invalid temperature: -1.',
      hint: 'Use a number, at least 0.',
    });
    await expect(engine.forwardBackward(data, { loss: 'mse' })).rejects.toThrow(/Unknown loss: "mse"/);
    const lacking = data.map((sequence, i) => (i === 4 ? { ...sequence, inputs: {} } : sequence));
    await expect(engine.forwardBackward(lacking, LOSS)).rejects.toThrow(/needs one value of "weights"/);
    expect(await engine.sample([request(1)])).toHaveLength(1);
  });

  it('in the middle of a step releases the other threads, and no later call succeeds', async () => {
    const engine = newEngine(2);
    await engine.forwardBackward(data, LOSS);
    const broken = { learningRate: 1n as unknown as number };
    await expect(engine.optimStep(broken)).rejects.toThrow(/BigInt/);
    await expect(engine.computeLogprobs(data)).rejects.toThrow(/BigInt/);
    await expect(engine.state()).rejects.toThrow(/BigInt/);
  });

  it('at its start reaches the caller', async () => {
    const tokenizer = { ...checkpoint.tokenizer, json: {} } as unknown as typeof checkpoint.tokenizer;
    const before = threads();
    const engine = newEngine(2, { tokenizer });
    await expect(engine.computeLogprobs(data)).rejects.toThrow(/tokenizer/i);
    // An engine whose threads have already ended can still be disposed of.
    await vi.waitFor(() => expect(threads()).toBe(before), { timeout: 30_000 });
    await engine[Symbol.asyncDispose]();
  });
});

it('an abort rejects with its reason, and later calls succeed', async () => {
  const engine = newEngine(2);
  const reason = new Error('enough');
  const controller = new AbortController();
  const sampling = engine.sample([request(40, { maxTokens: 100, stopTokens: [] })], { signal: controller.signal });
  controller.abort(reason);
  await expect(sampling).rejects.toBe(reason);
  await expect(engine.computeLogprobs(data, { signal: controller.signal })).rejects.toBe(reason);
  expect(await engine.sample([request(1)])).toHaveLength(1);
});

it('disposing of an engine ends its threads', async () => {
  const before = threads();
  const engine = new WorkerEngine({ ...checkpoint, workers: 2 });
  await engine.sample([request(1)]);
  expect(threads()).toBeGreaterThan(before);
  await engine[Symbol.asyncDispose]();
  expect(threads()).toBe(before);
});

/** Checks the differences relative to the expected array's largest magnitude. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, name = ''): void {
  expect(actual.length).toBe(expected.length);
  let [scale, difference] = [1e-3, 0];
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]!));
    difference = Math.max(difference, Math.abs(expected[i]! - actual[i]!));
  }
  expect(difference / scale, name).toBeLessThan(1e-5);
}
