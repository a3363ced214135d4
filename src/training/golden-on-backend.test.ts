import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenBatch, type GoldenCase, goldenCases } from '../../test/support/golden-grpo.ts';
import { numberedImage, tinyCheckpoint } from '../../test/support/tiny-nano.ts';
import { random } from '../core/random.ts';
import { EmbeddedBackend } from './backends/embedded-backend.ts';
import type { Continuation, TrainingBackend } from './backends/training-backend.ts';
import { policyLoss } from './grpo/policy-loss.ts';
import { updatePolicy } from './policy-update.ts';

type Rows = readonly (readonly number[])[];

const lengths = goldenBatch.mask.map((row) => row.filter((value) => value === 1).length);
const cut = (rows: Rows): number[][] => rows.map((row, i) => row.slice(0, lengths[i]));

/**
 * The fixture's log-probabilities differ from the model's. This function returns `other` shifted so that it differs
 * from the model's log-probabilities exactly as it differs from the fixture's.
 */
const at = (current: Rows, other: Rows): number[][] =>
  current.map((row, i) => row.map((value, t) => value + other[i]![t]! - goldenBatch.logprobs[i]![t]!));

const backend = new EmbeddedBackend({ ...tinyCheckpoint({ seed: 2 }), threads: 1 });
const untouched = await backend.engine.state();
let continuations: Continuation[];
let current: Rows;
beforeAll(async () => {
  const generator = random(4);
  const images = await Promise.all([1, 2].map(numberedImage));
  continuations = lengths.map((length, i) => ({
    prompt: {
      image: images[Math.floor(i / 4)]!,
      tokens: backend.promptTokens({ prompt: 'Where was this photo taken?', image: true }),
    },
    tokens: Array.from({ length }, () => 10 + generator.integer(300)),
  }));
  current = await backend.computeLogprobs(continuations);
});
afterAll(() => backend.dispose());

/**
 * Returns the accumulated gradient of every parameter. Then restores the initial weights and clears the accumulators.
 */
async function takeGradients(): Promise<Record<string, Float32Array>> {
  const { arrays } = await backend.engine.state();
  await backend.engine.restore(untouched);
  return Object.fromEntries(
    Object.entries(arrays).flatMap(([name, { data }]) =>
      name.startsWith('gradient.') ? [[name, data as Float32Array]] : [],
    ),
  );
}

/**
 * Computes the parameter gradients that belong to ∂loss/∂log π of the golden case. The cross-entropy −w·log π with w =
 * −∂loss/∂log π has the same gradient, so the backend's cross-entropy loss yields them.
 */
async function expectedGradients({ gradient }: GoldenCase): Promise<Record<string, Float32Array>> {
  const data = continuations.map((one, i) => ({
    ...one,
    lossInputs: { weights: one.tokens.map((_, t) => -gradient[i]![t]!) },
  }));
  await backend.forwardBackward(data, { name: 'cross_entropy' });
  return await takeGradients();
}

type Update = { readonly loss: number; readonly gradients: Record<string, Float32Array> };

/** Runs the training loop's update, but reads the gradients where the loop would take the optimizer step. */
async function throughUpdate({ options, batch }: GoldenCase): Promise<Update> {
  let gradients: Record<string, Float32Array> = {};
  const stopped: TrainingBackend = Object.assign(Object.create(backend) as TrainingBackend, {
    computeLogprobs: (data: readonly Continuation[]) => backend.computeLogprobs(data),
    forwardBackward: backend.forwardBackward.bind(backend),
    optimStep: async () => {
      gradients = await takeGradients();
      return { gradientNorm: 0 };
    },
  });
  const [old, reference] = [at(current, batch.oldLogprobs), at(current, batch.referenceLogprobs!)];
  const sequences = continuations.map((one, i) => ({
    ...one,
    sampledLogprobs: old[i]!,
    referenceLogprobs: reference[i]!,
    advantage: batch.advantages[i]!,
  }));
  const update = await updatePolicy(sequences, { backend: stopped, loss: options, learningRate: 1, onPolicy: false });
  return { loss: update!.loss, gradients };
}

/** Computes losses that need inputs that rollouts do not record: entropies, or another sampler's log-probabilities. */
async function throughPrimitive({ options, batch }: GoldenCase): Promise<Update> {
  const { loss, gradient } = policyLoss(
    {
      logprobs: current,
      oldLogprobs: at(current, batch.oldLogprobs),
      samplingLogprobs: at(current, batch.samplingLogprobs!),
      entropies: cut(batch.entropies!),
      mask: cut(batch.mask),
      advantages: batch.advantages,
    },
    options,
  );
  const data = continuations.map((one, i) => ({
    ...one,
    lossInputs: { oldLogprobs: current[i]!, advantages: gradient[i]!.map((value) => -value) },
  }));
  await backend.forwardBackward(data, { name: 'importance_sampling' });
  return { loss, gradients: await takeGradients() };
}

const needsMoreInputs = ({ options }: GoldenCase): boolean =>
  options.rolloutCorrection !== undefined ||
  options.offPolicyThreshold !== undefined ||
  options.topEntropyQuantile !== undefined;

/**
 * Returns the expected loss at the model's log-probabilities, which differ from the fixture's. Most losses depend only
 * on ratios and differences, which are the same in both, so the fixture's loss applies. CISPO and VESPO are linear in
 * log π, with `gradient` as the slope.
 */
function expectedLoss({ options, loss, gradient }: GoldenCase): number {
  if (options.surrogate.kind !== 'cispo' && options.surrogate.kind !== 'vespo') return loss;
  return current.reduce(
    (sum, row, i) =>
      sum + row.reduce((part, value, t) => part + gradient[i]![t]! * (value - goldenBatch.logprobs[i]![t]!), 0),
    loss,
  );
}

const norm = (values: Float32Array): number => Math.hypot(...values);

describe('the embedded backend follows the losses of TRL and verl', () => {
  it.each(goldenCases)('$name', async (golden) => {
    const { loss, gradients } = await (needsMoreInputs(golden) ? throughPrimitive : throughUpdate)(golden);
    const expectedValue = expectedLoss(golden);
    expect(Math.abs(loss - expectedValue)).toBeLessThan(1e-4 * Math.abs(expectedValue));
    const expected = await expectedGradients(golden);
    expect(Object.keys(gradients)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(expected)) {
      const difference = norm(values.map((value, i) => value - gradients[name]![i]!));
      expect(difference / norm(values), name).toBeLessThan(1e-4);
    }
  });
});
