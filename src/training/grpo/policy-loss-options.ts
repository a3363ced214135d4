/** Options of the policy-gradient loss. They cover the differences between published methods and engines. */

/** Whether the ratio of new to old probability is computed per token or per sequence. */
export type RatioLevel =
  /** One ratio per token. */
  | 'token'
  /** GSPO: all tokens of a sequence share the ratio exp(mean log-ratio). Gradients flow through the mean. */
  | 'sequence'
  /** GSPO-token: the ratio has the value of 'sequence' and the gradient of 'token'. */
  | 'sequence-token';

export type Surrogate =
  /**
   * Clipping: −min(ρA, clip(ρ, 1 − low, 1 + high)A). `delta` also limits ρ in the first argument of min (two-sided
   * clipping, INTELLECT-2). If A < 0, `dual` limits the loss to −dual·A (dual-clip PPO, verl's c).
   */
  | {
      readonly kind: 'clip';
      readonly low: number;
      readonly high: number;
      readonly delta?: number;
      readonly dual?: number;
    }
  /**
   * CISPO: −stop(clip(ρ, minimum, maximum))·A·log π. `minimum` and `maximum` are limits of ρ itself, unlike `low` and
   * `high` of 'clip'.
   */
  | { readonly kind: 'cispo'; readonly minimum?: number; readonly maximum: number }
  /** SAPO: −(4/τ) σ(τ(ρ − 1))·A. The sign of A selects the temperature τ. */
  | { readonly kind: 'sapo'; readonly positiveTemperature: number; readonly negativeTemperature: number }
  /**
   * VESPO: −stop(e^λ w^k e^(−λw))·A·log π, where w is the product of the sequence's token ratios. The sign of A selects
   * `positive` or `negative`.
   */
  | {
      readonly kind: 'vespo';
      readonly positive: { readonly k: number; readonly lambda: number };
      readonly negative: { readonly k: number; readonly lambda: number };
    }
  /** GMPO: −A times the geometric mean of the sequence's token ratios, which are clipped in log space. */
  | { readonly kind: 'gmpo'; readonly low: number; readonly high: number };

/** How the token losses of N sequences are combined into one number. Sequence i has L_i tokens. */
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

/**
 * Estimators of KL(π ‖ π_ref) per token. An estimator with '+' has the value of the one without it, but the gradient of
 * k2.
 */
export type KlEstimator = 'k1' | 'k1+' | 'abs' | 'k2' | 'k3' | 'k3+';

export type KlOptions = {
  /** The factor β of the KL term. */
  readonly coefficient: number;
  readonly estimator?: KlEstimator;
  /** Limit of |log π_ref − log π| (verl and ms-swift: 20; TRL: none). */
  readonly logRatioLimit?: number;
  /** Limit of the estimate itself (verl and ms-swift: 10; TRL: none). */
  readonly valueLimit?: number;
  /** Multiplies the estimate by ρ, which makes it unbiased off policy (TRL's use_bias_correction_kl). */
  readonly biasCorrection?: boolean;
};

/**
 * Corrects for a sampling engine whose probabilities differ from the trainer's. The correction weight is ρ = π_old /
 * π_sampling.
 */
export type RolloutCorrection = {
  readonly level: 'token' | 'sequence';
  /** 'truncate' limits ρ to `maximum`. 'mask' sets the weight to 0 where ρ exceeds `maximum`. */
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
  /** Restricts the policy term to this share of the tokens, which are those with the highest entropy. */
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
