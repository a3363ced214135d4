/**
 * Applies a policy loss with any training backend that has the loss `importance_sampling`. At ρ = 1, the gradient of
 * `importance_sampling` is −A·∇log π. Every loss of the GRPO family has the gradient Σ c·∇log π, where c = ∂loss/∂log π
 * at the current log-probabilities. With A = −c, both gradients are equal, so one backend loss serves every method.
 */
import { defined } from '../core/defined.ts';
import type { Continuation, Datum, TrainingBackend } from './backends/training-backend.ts';
import { policyLoss } from './grpo/policy-loss.ts';
import type { PolicyLossOptions } from './grpo/policy-loss-options.ts';

export type PolicySequence = Continuation & {
  /** Log-probabilities of the tokens under the policy that sampled them. */
  readonly sampledLogprobs: readonly number[];
  /** Required if the loss has a KL term. */
  readonly referenceLogprobs?: readonly number[];
  /** Null excludes the sequence from the update. */
  readonly advantage: number | null;
};

export type PolicyUpdate = {
  readonly loss: number;
  readonly gradientNorm: number;
  /** Share of tokens with gradient 0, among the sequences with a nonzero advantage. */
  readonly clippedShare: number;
  /**
   * Share of the sequences whose coefficients are all 0. They count in the loss's denominators, but need no backward
   * pass.
   */
  readonly skippedShare: number;
  /**
   * Largest absolute difference between the sampler's and the trainer's log-probabilities; null if the update is
   * off-policy or skips every sequence.
   */
  readonly samplerDrift: number | null;
};

export type PolicyUpdateOptions = {
  readonly backend: Pick<TrainingBackend, 'computeLogprobs' | 'forwardBackward' | 'optimStep'>;
  readonly loss: PolicyLossOptions;
  readonly learningRate: number;
  /**
   * True if the weights have not changed since sampling, so that the recorded log-probabilities are also the current
   * ones.
   */
  readonly onPolicy: boolean;
  readonly signal?: AbortSignal;
};

/** Takes one optimizer step on the sequences. Returns undefined if every advantage is null. */
export async function updatePolicy(
  sequences: readonly PolicySequence[],
  { backend, loss: options, learningRate, onPolicy, signal }: PolicyUpdateOptions,
): Promise<PolicyUpdate | undefined> {
  const usable = sequences.filter(({ advantage, tokens }) => advantage !== null && tokens.length > 0);
  if (usable.length === 0) return undefined;
  const call = defined({ signal });
  const current = onPolicy
    ? usable.map(({ sampledLogprobs }) => sampledLogprobs)
    : await backend.computeLogprobs(usable, call);
  const { loss, gradient } = policyLoss(
    {
      logprobs: current,
      oldLogprobs: usable.map(({ sampledLogprobs }) => sampledLogprobs),
      ...(options.kl && { referenceLogprobs: usable.map(({ referenceLogprobs }) => referenceLogprobs!) }),
      mask: usable.map(({ tokens }) => tokens.map(() => 1)),
      advantages: usable.map(({ advantage }) => advantage),
    },
    options,
  );
  // Skips sequences whose coefficients are all 0, such as those of groups with equal rewards if there is no KL term.
  const active = [...usable.keys()].filter((i) => gradient[i]!.some((value) => value !== 0));
  const data = active.map((i): Datum => ({
    prompt: usable[i]!.prompt,
    tokens: usable[i]!.tokens,
    lossInputs: { oldLogprobs: current[i]!, advantages: gradient[i]!.map((value) => -value) },
  }));
  const { logprobs } =
    data.length === 0
      ? { logprobs: undefined }
      : await backend.forwardBackward(data, { name: 'importance_sampling' }, call);
  // Even without gradients, the optimizer step applies the moments of earlier steps and the weight decay.
  const { gradientNorm } = await backend.optimStep({ learningRate }, call);
  return {
    loss,
    gradientNorm,
    clippedShare: clippedShare(usable, gradient),
    skippedShare: 1 - active.length / usable.length,
    samplerDrift:
      onPolicy && logprobs
        ? largestDifference(
            logprobs,
            active.map((i) => current[i]!),
          )
        : null,
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
