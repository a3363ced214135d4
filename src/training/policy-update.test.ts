import { describe, expect, it } from 'vitest';
import type { Continuation, Datum, LossChoice } from './backends/training-backend.ts';
import golden from './grpo/fixtures/golden-grpo.json' with { type: 'json' };
import { grpoPreset } from './grpo/presets.ts';
import { updatePolicy } from './policy-update.ts';

/**
 * A backend whose parameters are the log-probabilities themselves, one per token, so that a test can read the gradient
 * directly. It implements only the loss `importance_sampling`.
 */
function tableBackend(logprobs: readonly (readonly number[])[]) {
  /** Gradients by row of the table. */
  const gradients = new Map<number, number[]>();
  let steps = 0;
  const rowOf = ({ tokens }: Continuation): readonly number[] => logprobs[tokens[0]!]!;
  const backend = {
    computeLogprobs: async (data: readonly Continuation[]) => data.map((one) => rowOf(one).slice(0, one.tokens.length)),
    forwardBackward: async (data: readonly Datum[], loss: LossChoice) => {
      expect(loss.name).toBe('importance_sampling');
      for (const datum of data) {
        const { oldLogprobs, advantages } = datum.lossInputs as Record<'oldLogprobs' | 'advantages', number[]>;
        const current = rowOf(datum);
        const values = datum.tokens.map((_, t) => -Math.exp(current[t]! - oldLogprobs[t]!) * advantages[t]!);
        gradients.set(datum.tokens[0]!, values);
      }
      return { loss: 0, logprobs: data.map((one) => rowOf(one).slice(0, one.tokens.length)) };
    },
    optimStep: async () => ({ gradientNorm: (steps += 1) }),
  };
  return { backend, gradients, steps: () => steps };
}

const { inputs } = golden;
const lengths = inputs.mask.map((row) => row.reduce((sum, value) => sum + value, 0));
const sequences = inputs.logps.map((_, i) => ({
  prompt: { tokens: [] },
  // All token ids of a sequence are the index of its row in the table.
  tokens: Array.from({ length: lengths[i]! }, () => i),
  sampledLogprobs: inputs.old_logps[i]!.slice(0, lengths[i]),
  referenceLogprobs: inputs.ref_logps[i]!.slice(0, lengths[i]),
  advantage: inputs.advantages_used_in_loss[i]!,
}));
const update = { learningRate: 1, onPolicy: false } as const;

describe('updatePolicy sends a backend the gradient of the loss', () => {
  it.each([
    ['globe', 'grpo/eps0.2/beta0.001'],
    ['dapo', 'dapo/clip_higher_0.28'],
    ['gspo', 'gspo = grpo + sequence level, eps 3e-4/4e-4'],
    ['cispo', 'cispo/eps_high=5.0'],
  ] as const)('%s: equals the gradient of TRL', async (name, key) => {
    const { backend, gradients } = tableBackend(inputs.logps);
    const { loss } = grpoPreset(name, { maxCompletionTokens: inputs.max_completion_length });
    const result = await updatePolicy(sequences, { backend, loss, ...update });
    expect(result?.loss).toBeCloseTo(golden.trl_losses[key].loss, 9);
    for (const [i, row] of golden.trl_losses[key].dloss_dlogps.entries()) {
      for (let t = 0; t < lengths[i]!; t++) {
        expect(gradients.get(i)?.[t] ?? 0, `row ${i}, token ${t}`).toBeCloseTo(row[t]!, 9);
      }
    }
    expect(gradients.size).toBeGreaterThan(0);
  });

  it('sends nothing for sequences without an advantage, and skips the step when no sequence has one', async () => {
    const { backend, gradients, steps } = tableBackend(inputs.logps);
    const { loss } = grpoPreset('dapo', { maxCompletionTokens: 8 });
    const sparse = sequences.map((sequence, i) => ({ ...sequence, advantage: i === 3 ? 1 : null }));
    await updatePolicy(sparse, { backend, loss, ...update });
    expect([...gradients.keys()]).toEqual([3]);
    expect(await updatePolicy(sparse.slice(4), { backend, loss, ...update })).toBeUndefined();
    expect(steps()).toBe(1);
  });

  it('sends no sequence whose coefficients are all 0, and counts it in the denominators', async () => {
    const { loss } = grpoPreset('globe', { maxCompletionTokens: inputs.max_completion_length });
    const { kl: _, ...withoutKl } = loss;
    const constant = sequences.map((sequence, i) => ({ ...sequence, advantage: i < 2 ? i + 1 : 0 }));
    const { backend, gradients, steps } = tableBackend(inputs.logps);
    const result = await updatePolicy(constant, { backend, loss: withoutKl, ...update });
    expect([...gradients.keys()]).toEqual([0, 1]);
    expect(result?.skippedShare).toBeCloseTo(1 - 2 / constant.length, 12);
    // If only the two sequences are in the batch, the loss has a smaller denominator, so each gradient is larger.
    const alone = tableBackend(inputs.logps);
    await updatePolicy(constant.slice(0, 2), { backend: alone.backend, loss: withoutKl, ...update });
    for (const [i, row] of gradients.entries()) {
      for (const [t, value] of row.entries()) {
        expect(value).toBeCloseTo((alone.gradients.get(i)![t]! * 2) / constant.length, 9);
      }
    }
    const zero = constant.map((sequence) => ({ ...sequence, advantage: 0 }));
    const none = await updatePolicy(zero, { backend, loss: withoutKl, ...update, onPolicy: true });
    expect(none).toMatchObject({ skippedShare: 1, samplerDrift: null });
    expect([gradients.size, steps()]).toEqual([2, 2]);
    // With a KL term, every sequence has a gradient.
    const withKl = tableBackend(inputs.logps);
    await updatePolicy(zero, { backend: withKl.backend, loss, ...update });
    expect(withKl.gradients.size).toBe(zero.length);
  });
});
