/** Metrics of one training step: a line of metrics.jsonl. */
import type { GroupStatistics } from '../reward/group-statistics.ts';

export type GrpoMetrics = {
  /** Mean total over scored completions; null when all are unscored. */
  readonly reward: number | null;
  readonly rewardDeviation: number | null;
  readonly statistics: GroupStatistics;
  /** Estimated mean entropy per token in nats, before the update. */
  readonly entropy: number | null;
  readonly completionTokens: number;
  /** Share of completions that hit the length limit. */
  readonly cutOffShare: number;
  /** Share of completions that name a place or coordinate, right or wrong; refusals and unreadable answers do not. */
  readonly answeredShare: number;
  readonly tokens: number;
  /** Groups sampled again because they had no variance. */
  readonly resampled: number;
  readonly updates: number;
  readonly loss: number | null;
  readonly gradientNorm: number | null;
  readonly clippedShare: number | null;
  readonly samplerDrift: number | null;
  /** k3 estimate of KL from the reference per token. */
  readonly kl: number | null;
  readonly times: {
    readonly sampleMs: number;
    readonly rewardMs: number;
    readonly referenceMs: number;
    readonly updateMs: number;
  };
};

/** The metrics in metrics.jsonl; times.jsonl holds the times. */
export type GrpoRecord = Omit<GrpoMetrics, 'times'>;

export type SftMetrics = {
  /** Mean negative log-likelihood per target token in nats. */
  readonly loss: number;
  readonly gradientNorm: number;
  readonly tokens: number;
  readonly times: { readonly updateMs: number };
};
