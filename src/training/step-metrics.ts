/** Metrics of one training step. Each line of metrics.jsonl has the metrics of one step. */
import type { GroupStatistics } from '../reward/group-statistics.ts';

export type GrpoMetrics = {
  /** Mean total reward of the scored completions; null if all are unscored. */
  readonly reward: number | null;
  readonly rewardDeviation: number | null;
  readonly statistics: GroupStatistics;
  /** Estimated mean entropy per token in nats, before the update. */
  readonly entropy: number | null;
  readonly completionTokens: number;
  /** Share of completions that hit the length limit. */
  readonly cutOffShare: number;
  /**
   * Share of completions that name a place or coordinate, whether right or wrong. Refusals and unreadable texts name
   * none.
   */
  readonly answeredShare: number;
  readonly tokens: number;
  /** Number of times that a group was resampled because its rewards were all equal. */
  readonly resampled: number;
  readonly updates: number;
  readonly loss: number | null;
  readonly gradientNorm: number | null;
  readonly clippedShare: number | null;
  /**
   * Share of the sequences in this step's updates that needed no backward pass, because all their coefficients are 0.
   */
  readonly skippedShare: number | null;
  readonly samplerDrift: number | null;
  /** k3 estimate of the KL divergence per token between the policy and the reference policy. */
  readonly kl: number | null;
  readonly times: {
    readonly sampleMs: number;
    readonly rewardMs: number;
    readonly referenceMs: number;
    readonly updateMs: number;
  };
};

/** A line of metrics.jsonl. The times go to times.jsonl instead. */
export type GrpoRecord = Omit<GrpoMetrics, 'times'>;

export type SftMetrics = {
  /** Mean negative log-likelihood per target token in nats. */
  readonly loss: number;
  readonly gradientNorm: number;
  readonly tokens: number;
  readonly times: { readonly updateMs: number };
};
