/**
 * One step of GRPO: samples groups of completions, scores them, computes advantages within each group, and updates the
 * policy.
 */
import { parseAnswer } from '../core/answer-grammar.ts';
import { mean } from '../core/statistics/index.ts';
import type { TrainingBackend } from './backends/training-backend.ts';
import { groupStatistics } from '../reward/group-statistics.ts';
import { advantages } from './grpo/advantages.ts';
import type { GrpoPreset } from './grpo/presets.ts';
import { type PolicySequence, type PolicyUpdate, updatePolicy } from './policy-update.ts';
import { isConstant, type Rollout, type RolloutOptions, rollOut, totalValue } from './rollout.ts';
import type { GrpoMetrics } from './step-metrics.ts';
import type { TrainingExample } from './training-example.ts';

export type GrpoStepOptions = Omit<RolloutOptions, 'backend'> & {
  readonly backend: TrainingBackend;
  readonly preset: GrpoPreset;
  /** The frozen reference policy. Required if the preset has a KL term. */
  readonly reference?: Pick<TrainingBackend, 'computeLogprobs'>;
  readonly learningRate: number;
  /** Optimizer steps per pass over the completions of this step. */
  readonly minibatches: number;
  /** Passes over the completions of this step. */
  readonly iterations: number;
};

/** Maximum number of times that dynamic sampling resamples the groups whose rewards are all equal. */
const MAX_RESAMPLES = 3;

export type GrpoStep = { readonly metrics: GrpoMetrics; readonly rollouts: readonly Rollout[] };

export async function grpoStep(examples: readonly TrainingExample[], options: GrpoStepOptions): Promise<GrpoStep> {
  const { backend, preset, reference, groupSize, minibatches, iterations, learningRate, signal, now } = options;
  const { rollouts, times, resampled } = await rollOutVaried(examples, options);
  const groupAdvantages = advantages(rollouts.map(totalValue), { groupSize, ...preset.advantage });
  const started = now();
  const referenceLogprobs =
    preset.loss.kl === undefined || reference === undefined
      ? undefined
      : await reference.computeLogprobs(rollouts.map(continuationOf), { signal });
  const referenceEnd = now();
  const sequences = rollouts.map((rollout, i): PolicySequence => {
    const cutOff = preset.overlongFilter && rollout.sample.finishReason === 'length';
    return {
      ...continuationOf(rollout),
      sampledLogprobs: rollout.sample.logprobs,
      ...(referenceLogprobs && { referenceLogprobs: referenceLogprobs[i]! }),
      advantage: cutOff ? null : groupAdvantages[i]!,
    };
  });
  const updates: PolicyUpdate[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (const part of parts(sequences, { count: minibatches, groupSize })) {
      const onPolicy = updates.length === 0;
      const update = await updatePolicy(part, { backend, loss: preset.loss, learningRate, onPolicy, signal });
      if (update !== undefined) updates.push(update);
    }
  }
  return {
    rollouts,
    metrics: {
      ...describe(rollouts, options),
      resampled,
      updates: updates.length,
      loss: meanOrNull(updates.map(({ loss }) => loss)),
      gradientNorm: meanOrNull(updates.map(({ gradientNorm }) => gradientNorm)),
      clippedShare: meanOrNull(updates.map(({ clippedShare }) => clippedShare)),
      skippedShare: meanOrNull(updates.map(({ skippedShare }) => skippedShare)),
      samplerDrift: updates[0]?.samplerDrift ?? null,
      kl: referenceLogprobs === undefined ? null : meanKl(rollouts, referenceLogprobs),
      times: { ...times, referenceMs: referenceEnd - started, updateMs: now() - referenceEnd },
    },
  };
}

/** Samples and scores groups of completions. Dynamic sampling resamples the groups whose rewards are all equal. */
async function rollOutVaried(
  examples: readonly TrainingExample[],
  options: GrpoStepOptions,
): Promise<Awaited<ReturnType<typeof rollOut>> & { resampled: number }> {
  const { groupSize, preset, seed } = options;
  const { rollouts, times } = await rollOut(examples, options);
  let [sampleMs, rewardMs, resampled] = [times.sampleMs, times.rewardMs, 0];
  for (let attempt = 1; preset.dynamicSampling && attempt <= MAX_RESAMPLES; attempt++) {
    const constant = examples.flatMap((_, g) =>
      isConstant(rollouts.slice(g * groupSize, (g + 1) * groupSize)) ? [g] : [],
    );
    if (constant.length === 0) break;
    resampled += constant.length;
    const again = await rollOut(
      constant.map((g) => examples[g]!),
      { ...options, seed: `${seed}/again-${attempt}` },
    );
    for (const [i, g] of constant.entries()) {
      rollouts.splice(g * groupSize, groupSize, ...again.rollouts.slice(i * groupSize, (i + 1) * groupSize));
    }
    sampleMs += again.times.sampleMs;
    rewardMs += again.times.rewardMs;
  }
  return { rollouts, times: { sampleMs, rewardMs }, resampled };
}

const continuationOf = ({ example, promptTokens, sample }: Rollout) => ({
  prompt: { image: example.image, tokens: promptTokens },
  tokens: sample.tokens,
});

/** Splits the items into `count` parts of similar size without splitting a group. */
function parts<T>(items: readonly T[], { count, groupSize }: { count: number; groupSize: number }): T[][] {
  const groups = items.length / groupSize;
  return Array.from({ length: count }, (_, i) =>
    items.slice(Math.round((i * groups) / count) * groupSize, Math.round(((i + 1) * groups) / count) * groupSize),
  ).filter((part) => part.length > 0);
}

const meanOrNull = (values: readonly number[]): number | null => mean(values) ?? null;

/** Returns the mean k3 estimate of the KL divergence per token, before the update. */
function meanKl(rollouts: readonly Rollout[], reference: readonly (readonly number[])[]): number | null {
  const values = rollouts.flatMap(({ sample }, i) =>
    sample.logprobs.map((logprob, t) => {
      const difference = reference[i]![t]! - logprob;
      return Math.exp(difference) - difference - 1;
    }),
  );
  return meanOrNull(values);
}

function describe(
  rollouts: readonly Rollout[],
  { groupSize, reward }: GrpoStepOptions,
): Pick<
  GrpoMetrics,
  | 'reward'
  | 'rewardDeviation'
  | 'statistics'
  | 'entropy'
  | 'completionTokens'
  | 'cutOffShare'
  | 'answeredShare'
  | 'tokens'
> {
  const totals = rollouts.map(totalValue).filter((value) => value !== null);
  const meanTotal = meanOrNull(totals);
  const logprobs = rollouts.flatMap(({ sample }) => sample.logprobs);
  const meanLogprob = meanOrNull(logprobs);
  return {
    reward: meanTotal,
    rewardDeviation:
      meanTotal === null ? null : Math.sqrt(meanOrNull(totals.map((total) => (total - meanTotal) ** 2))!),
    statistics: groupStatistics(
      rollouts.map((rollout) => rollout.reward),
      { groupSize, weights: reward.weights },
    ),
    // At temperature 1, the mean negative log-probability of sampled tokens is an unbiased estimate of the entropy.
    entropy: meanLogprob === null ? null : -meanLogprob,
    completionTokens: meanOrNull(rollouts.map(({ sample }) => sample.tokens.length)) ?? 0,
    cutOffShare: meanOrNull(rollouts.map(({ sample }) => (sample.finishReason === 'length' ? 1 : 0))) ?? 0,
    answeredShare: meanOrNull(rollouts.map(({ completion }) => (namesPlace(completion) ? 1 : 0))) ?? 0,
    tokens: logprobs.length,
  };
}

function namesPlace(completion: string): boolean {
  const { kind } = parseAnswer(completion);
  return kind === 'place' || kind === 'coordinate';
}
