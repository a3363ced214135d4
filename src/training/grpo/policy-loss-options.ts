/** Options of the policy-gradient loss. They cover the differences between published methods and engines. */

/** Level of the ratio of new to old probability. */
export type RatioLevel =
  /** One ratio per token. */
  | 'token'
  /** GSPO: all tokens of a sequence share the ratio exp(mean log-ratio). Gradients flow through the mean. */
  | 'sequence'
  /** GSPO-token: the ratio has the value of 'sequence' and the gradient of 'token'. */
  | 'sequence-token';

export type Surrogate =
  /**
   * −min(ρA, clip(ρ, 1 − low, 1 + high)A). `delta` caps ρ in the unclipped branch (two-sided, INTELLECT-2). If A < 0,
   * `dual` caps the loss at −dual·A (dual-clip PPO, verl's c).
   */
  | {
      readonly kind: 'clip';
      readonly low: number;
      readonly high: number;
      readonly delta?: number;
      readonly dual?: number;
    }
  /** CISPO: −stop(clip(ρ, minimum, maximum))·A·log π. The limits are values of ρ, not distances from 1. */
  | { readonly kind: 'cispo'; readonly minimum?: number; readonly maximum: number }
  /** SAPO: −(4/τ) σ(τ(ρ − 1))·A. The sign of A selects the temperature τ. */
  | { readonly kind: 'sapo'; readonly positiveTemperature: number; readonly negativeTemperature: number }
  /**
   * VESPO: −stop(e^λ w^k e^(−λw))·A·log π, with w the product of the sequence's ratios. The sign of A selects (k, λ).
   */
  | {
      readonly kind: 'vespo';
      readonly positive: { readonly k: number; readonly lambda: number };
      readonly negative: { readonly k: number; readonly lambda: number };
    }
  /** GMPO: −A times the geometric mean of the token ratios, clipped in log space. One value per sequence. */
  | { readonly kind: 'gmpo'; readonly low: number; readonly high: number };

/** How the token losses of N sequences with L_i tokens are added up. */
export type Aggregation =
  /** (1/N) Σ_i (1/L_i) Σ_t, as in GRPO. */
  | { readonly kind: 'sequence-mean-token-mean' }
  /** Σ / Σ_i L_i, as in DAPO and BNPO. */
  | { readonly kind: 'token-mean' }
  /** Σ / (N · length), as in Dr.GRPO, where `length` is the maximum completion length. */
  | { readonly kind: 'sequence-mean-token-sum-norm'; readonly length: number }
  /** (1/N) Σ_i Σ_t. */
  | { readonly kind: 'sequence-mean-token-sum' }
  | { readonly kind: 'token-sum' };

/** Estimators of KL(π ‖ π_ref) per token. '+' combines the estimator's value with the gradient of k2. */
export type KlEstimator = 'k1' | 'k1+' | 'abs' | 'k2' | 'k3' | 'k3+';

export type KlOptions = {
  /** The factor β. */
  readonly coefficient: number;
  readonly estimator?: KlEstimator;
  /** Limit of |log π_ref − log π| (verl and ms-swift: 20; TRL: none). */
  readonly logRatioLimit?: number;
  /** Limit of the estimate itself (verl and ms-swift: 10; TRL: none). */
  readonly valueLimit?: number;
  /** Multiplies the estimate by ρ, which makes it unbiased off policy (TRL's use_bias_correction_kl). */
  readonly biasCorrection?: boolean;
};

/** Corrects for a sampling engine whose probabilities differ from the trainer's, with ρ = π_old / π_sampling. */
export type RolloutCorrection = {
  readonly level: 'token' | 'sequence';
  /** 'truncate' caps ρ at the maximum. 'mask' gives larger ratios the weight 0. */
  readonly mode: 'truncate' | 'mask';
  readonly maximum: number;
};

export type PolicyLossOptions = {
  readonly surrogate: Surrogate;
  readonly ratioLevel?: RatioLevel;
  readonly aggregation: Aggregation;
  readonly kl?: KlOptions;
  readonly rolloutCorrection?: RolloutCorrection;
  /** Drops a sequence with A < 0 if its mean log(π_old / π) exceeds this threshold. */
  readonly offPolicyThreshold?: number;
  /** Restricts the policy term to the tokens with the highest entropy. The value is their share of all tokens. */
  readonly topEntropyQuantile?: number;
  /** Multiplies each sequence's loss by its length (LUSPO). */
  readonly weightByLength?: boolean;
  /** Limit of |log ρ| per token (verl: 20). */
  readonly logRatioLimit?: number;
  /** Added to the token count of a masked mean (verl: 1e-8). */
  readonly maskedMeanEpsilon?: number;
  /** Divides the loss by the number of micro-batches of an update. */
  readonly gradientAccumulation?: number;
};
