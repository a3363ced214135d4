/**
 * The bridge between the pure maths of the policy loss and any training backend. A backend that can follow the gradient
 * of Σ c·log π for given coefficients c can follow every loss of the family: the coefficients are ∂loss/∂log π at the
 * current log-probabilities. `importance_sampling` at ρ = 1 is that primitive (its gradient is −A·∇log π), and every
 * backend that speaks the Tinker primitives has it; so a method is maths in one place, and needs no code in a backend.
 */
import { defined } from '../core/defined.ts';
import type { Continuation, Datum, TrainingBackend } from './backends/training-backend.ts';
import { policyLoss } from './grpo/policy-loss.ts';
import type { PolicyLossOptions } from './grpo/policy-loss-options.ts';

export type PolicySequence = Continuation & {
  /** Of the tokens, under the policy that drew them. */
  readonly sampledLogprobs: readonly number[];
  /** Needed with KL. */
  readonly referenceLogprobs?: readonly number[];
  /** Null leaves the sequence out. */
  readonly advantage: number | null;
};

export type PolicyUpdate = {
  readonly loss: number;
  readonly gradientNorm: number;
  /** Share of tokens whose gradient vanished though their sequence has an advantage: clipped. */
  readonly clippedShare: number;
  /** Largest |difference| of log-probability between sampler and trainer on tokens drawn by the current weights. */
  readonly samplerDrift: number | null;
};

export type PolicyUpdateOptions = {
  readonly backend: Pick<TrainingBackend, 'computeLogprobs' | 'forwardBackward' | 'optimStep'>;
  readonly loss: PolicyLossOptions;
  readonly learningRate: number;
  /** True while the weights are those that drew the samples: their log-probabilities are then the current ones. */
  readonly onPolicy: boolean;
  readonly signal?: AbortSignal;
};

/** One optimizer step on the sequences; undefined when none of them has an advantage. */
export async function updatePolicy(
  sequences: readonly PolicySequence[],
  { backend, loss: options, learningRate, onPolicy, signal }: PolicyUpdateOptions,
): Promise<PolicyUpdate | undefined> {
  const kept = sequences.filter(({ advantage, tokens }) => advantage !== null && tokens.length > 0);
  if (kept.length === 0) return undefined;
  const call = defined({ signal });
  const current = onPolicy
    ? kept.map(({ sampledLogprobs }) => sampledLogprobs)
    : await backend.computeLogprobs(kept, call);
  const { loss, gradient } = policyLoss(
    {
      logprobs: current,
      oldLogprobs: kept.map(({ sampledLogprobs }) => sampledLogprobs),
      ...(options.kl && { referenceLogprobs: kept.map(({ referenceLogprobs }) => referenceLogprobs!) }),
      mask: kept.map(({ tokens }) => tokens.map(() => 1)),
      advantages: kept.map(({ advantage }) => advantage),
    },
    options,
  );
  const data = kept.map(({ prompt, tokens }, i): Datum => ({
    prompt,
    tokens,
    lossInputs: { oldLogprobs: current[i]!, advantages: gradient[i]!.map((value) => -value) },
  }));
  const { logprobs } = await backend.forwardBackward(data, { name: 'importance_sampling' }, call);
  const { gradientNorm } = await backend.optimStep({ learningRate }, call);
  return {
    loss,
    gradientNorm,
    clippedShare: clippedShare(kept, gradient),
    samplerDrift: onPolicy ? largestDifference(logprobs, current) : null,
  };
}

function clippedShare(sequences: readonly PolicySequence[], gradient: readonly (readonly number[])[]): number {
  let [clipped, tokens] = [0, 0];
  for (const [i, { advantage }] of sequences.entries()) {
    if (advantage === 0) continue;
    tokens += gradient[i]!.length;
    clipped += gradient[i]!.filter((value) => value === 0).length;
  }
  return tokens === 0 ? 0 : clipped / tokens;
}

function largestDifference(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  let largest = 0;
  for (const [i, row] of a.entries()) {
    for (const [t, value] of row.entries()) largest = Math.max(largest, Math.abs(value - b[i]![t]!));
  }
  return largest;
}
