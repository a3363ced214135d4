/**
 * Losses that TRL and verl computed with our options. The pure functions and the embedded backend must reproduce them.
 */
import golden from '../../src/training/grpo/fixtures/golden-grpo.json' with { type: 'json' };
import type { PolicyBatch } from '../../src/training/grpo/policy-batch.ts';
import type { PolicyLossOptions } from '../../src/training/grpo/policy-loss-options.ts';

// TRL's and verl's loss functions ran in float64. Details are under `meta` in the fixture.
const { inputs } = golden;
export const goldenBatch: PolicyBatch = {
  logprobs: inputs.logps,
  oldLogprobs: inputs.old_logps,
  referenceLogprobs: inputs.ref_logps,
  samplingLogprobs: inputs.sampling_logps,
  entropies: inputs.entropies,
  mask: inputs.mask,
  advantages: inputs.advantages_used_in_loss,
};

const clip = { kind: 'clip', low: 0.2, high: 0.2 } as const;
const grpo = { kind: 'sequence-mean-token-mean' } as const;
const tokenMean = { kind: 'token-mean' } as const;
const drGrpo = { kind: 'sequence-mean-token-sum-norm', length: inputs.max_completion_length } as const;
const correction = (level: 'token' | 'sequence', mode: 'truncate' | 'mask', maximum: number): PolicyLossOptions => ({
  surrogate: clip,
  aggregation: tokenMean,
  rolloutCorrection: { level, mode, maximum },
});
/** verl's limit for the log-ratio, and the epsilon of its masked mean. */
const verl = { logRatioLimit: 20, maskedMeanEpsilon: 1e-8 };
const width = { kind: 'sequence-mean-token-sum-norm', length: inputs.mask[0]!.length } as const;

const trl: Record<keyof typeof golden.trl_losses, PolicyLossOptions> = {
  'grpo/eps0.2': { surrogate: clip, aggregation: grpo },
  'bnpo/eps0.2': { surrogate: clip, aggregation: tokenMean },
  'dr_grpo/eps0.2': { surrogate: clip, aggregation: drGrpo },
  'dapo/eps0.2': { surrogate: clip, aggregation: tokenMean },
  'grpo/eps0.2/beta0.001': { surrogate: clip, aggregation: grpo, kl: { coefficient: 0.001 } },
  'grpo/eps0.2/beta0.04': { surrogate: clip, aggregation: grpo, kl: { coefficient: 0.04 } },
  'grpo/eps0.2/beta0.04/bias_corrected_kl': {
    surrogate: clip,
    aggregation: grpo,
    kl: { coefficient: 0.04, biasCorrection: true },
  },
  'dapo/clip_higher_0.28': { surrogate: { ...clip, high: 0.28 }, aggregation: tokenMean },
  'grpo/delta1.3(two-sided)': { surrogate: { ...clip, delta: 1.3 }, aggregation: grpo },
  'gspo = grpo + sequence level, eps 3e-4/4e-4': {
    surrogate: { kind: 'clip', low: 3e-4, high: 4e-4 },
    ratioLevel: 'sequence',
    aggregation: grpo,
  },
  'cispo/eps_high=5.0': { surrogate: { kind: 'cispo', maximum: 5 }, aggregation: tokenMean },
  'cispo/eps_high=1.1': { surrogate: { kind: 'cispo', maximum: 1.1 }, aggregation: tokenMean },
  'sapo/1.0,1.05': {
    surrogate: { kind: 'sapo', positiveTemperature: 1, negativeTemperature: 1.05 },
    aggregation: grpo,
  },
  'luspo/sequence': { surrogate: clip, ratioLevel: 'sequence', aggregation: grpo, weightByLength: true },
  vespo: {
    surrogate: { kind: 'vespo', positive: { k: 2, lambda: 3 }, negative: { k: 3, lambda: 2 } },
    aggregation: tokenMean,
  },
  'dapo/top_entropy_quantile0.2': { surrogate: clip, aggregation: tokenMean, topEntropyQuantile: 0.2 },
  'dapo/off_policy_mask0.05': { surrogate: clip, aggregation: tokenMean, offPolicyThreshold: 0.05 },
  'dapo/vllm_is/token_truncate/max1.02': correction('token', 'truncate', 1.02),
  'dapo/vllm_is/token_mask/max1.02': correction('token', 'mask', 1.02),
  'dapo/vllm_is/sequence_truncate/max1.02': correction('sequence', 'truncate', 1.02),
  'dapo/vllm_is/sequence_mask/max3.0': correction('sequence', 'mask', 3),
  'dapo/vllm_is/sequence_mask/max1.02': correction('sequence', 'mask', 1.02),
  'grpo/eps0.2/grad_accum4': { surrogate: clip, aggregation: grpo, gradientAccumulation: 4 },
};

const sequenceSum = { kind: 'sequence-mean-token-sum' } as const;
const verlLosses: Partial<Record<keyof typeof golden.verl_losses, PolicyLossOptions>> = {
  'vanilla/token-mean': { surrogate: { ...clip, dual: 3 }, aggregation: tokenMean, ...verl },
  'vanilla/token-sum': { surrogate: { ...clip, dual: 3 }, aggregation: { kind: 'token-sum' }, ...verl },
  'vanilla/seq-mean-token-sum': { surrogate: { ...clip, dual: 3 }, aggregation: sequenceSum, ...verl },
  'vanilla/seq-mean-token-mean': { surrogate: { ...clip, dual: 3 }, aggregation: grpo, ...verl },
  'vanilla/seq-mean-token-sum-norm': { surrogate: { ...clip, dual: 3 }, aggregation: width, ...verl },
  'vanilla/token-mean/clip_high=0.28': { surrogate: { ...clip, high: 0.28, dual: 3 }, aggregation: tokenMean, ...verl },
  'vanilla/token-mean/clip_ratio_c=1.2': { surrogate: { ...clip, dual: 1.2 }, aggregation: tokenMean, ...verl },
  'gspo/low=high=0.03': {
    surrogate: { kind: 'clip', low: 0.03, high: 0.03 },
    ratioLevel: 'sequence-token',
    aggregation: grpo,
    ...verl,
  },
  'cispo/token-mean/low=10,high=0.2': {
    surrogate: { kind: 'cispo', minimum: -9, maximum: 1.2 },
    aggregation: tokenMean,
    ...verl,
  },
  sapo: {
    surrogate: { kind: 'sapo', positiveTemperature: 1, negativeTemperature: 1.05 },
    aggregation: grpo,
    ...verl,
  },
  'geo_mean(gmpo)/0.4': {
    surrogate: { kind: 'gmpo', low: 0.4, high: 0.4 },
    aggregation: grpo,
    maskedMeanEpsilon: 1e-8,
  },
};

/** Options of the KL term. Without advantages, the loss consists only of this term. */
const kl: Partial<Record<keyof typeof golden.verl_losses, PolicyLossOptions['kl']>> = {
  'kl/k1/token-mean': { coefficient: 1, estimator: 'k1' },
  'kl/abs/token-mean': { coefficient: 1, estimator: 'abs' },
  'kl/k2/token-mean': { coefficient: 1, estimator: 'k2' },
  'kl/k3/token-mean': { coefficient: 1, estimator: 'k3', logRatioLimit: 20, valueLimit: 10 },
  'kl/k1+/token-mean': { coefficient: 1, estimator: 'k1+' },
  'kl/k3+/token-mean': { coefficient: 1, estimator: 'k3+', logRatioLimit: 20, valueLimit: 10 },
};

export type GoldenCase = {
  readonly name: string;
  readonly options: PolicyLossOptions;
  readonly batch: PolicyBatch;
  readonly loss: number;
  /** Gradient with respect to the log-probabilities. [N][T] */
  readonly gradient: readonly (readonly number[])[];
};

const withoutAdvantages = { ...goldenBatch, advantages: goldenBatch.advantages.map(() => 0) };

const caseOf = (
  name: string,
  options: PolicyLossOptions,
  { loss, dloss_dlogps: gradient }: { loss: number; dloss_dlogps: number[][] },
  batch = goldenBatch,
): GoldenCase => ({ name, options, batch, loss, gradient });

/** One test case for each loss in the fixture. */
export const goldenCases: readonly GoldenCase[] = [
  ...Object.entries(trl).map(([name, options]) =>
    caseOf(`TRL ${name}`, options, golden.trl_losses[name as keyof typeof golden.trl_losses]),
  ),
  ...Object.entries(verlLosses).map(([name, options]) =>
    caseOf(`verl ${name}`, options, golden.verl_losses[name as keyof typeof golden.verl_losses]),
  ),
  ...Object.entries(kl).map(([name, options]) =>
    caseOf(
      `verl ${name}`,
      { surrogate: clip, aggregation: tokenMean, kl: options! },
      golden.verl_losses[name as keyof typeof golden.verl_losses],
      withoutAdvantages,
    ),
  ),
];
