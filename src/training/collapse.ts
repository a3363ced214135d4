/** Detects a policy that has collapsed, so that its run can stop early with a reason. */
import { mean } from '../core/statistics/index.ts';
import type { GrpoRecord } from './step-metrics.ts';

export type CollapseLimits = {
  /** The run stops after this number of consecutive unhealthy steps. */
  readonly patience: number;
  /** Steps with a lower entropy, in nats per token, are unhealthy: the policy almost always writes the same answer. */
  readonly leastEntropy: number;
  /** Steps with a lower mean number of tokens per completion are unhealthy: the completions are almost empty. */
  readonly leastTokens: number;
  /** Steps in which a larger share of completions hits the length limit are unhealthy. */
  readonly mostCutOff: number;
  /** Steps in which a larger share of completions has no reward are unhealthy. */
  readonly mostUnscored: number;
  /**
   * Steps are unhealthy if the share of completions that name a place falls below this fraction of its mean over the
   * first `patience` steps.
   */
  readonly leastAnswered: number;
};

/** The values of these limits are our choice. */
export const DEFAULT_COLLAPSE_LIMITS: CollapseLimits = {
  patience: 10,
  leastEntropy: 0.005,
  leastTokens: 4,
  mostCutOff: 0.95,
  mostUnscored: 0.5,
  leastAnswered: 0.05,
};

/**
 * Returns the reason to stop, or undefined if the run is healthy. `history` has the records of all steps so far, oldest
 * first.
 */
export function collapseReason(
  history: readonly GrpoRecord[],
  limits: CollapseLimits = DEFAULT_COLLAPSE_LIMITS,
): string | undefined {
  const recent = history.slice(-limits.patience);
  if (recent.length < limits.patience) return undefined;
  const always = (isBad: (metrics: GrpoRecord) => boolean): boolean => recent.every(isBad);
  const last = recent.at(-1)!;
  const during = `for ${limits.patience} steps`;
  if (always(({ statistics }) => statistics.unscoredShare > limits.mostUnscored)) {
    return `${percent(last.statistics.unscoredShare)} of the completions have no reward, ${during}: see the reasons in samples.jsonl`;
  }
  if (always(({ entropy }) => entropy !== null && entropy < limits.leastEntropy)) {
    return `the entropy is ${last.entropy!.toFixed(4)} nats per token, ${during}: the policy always writes the same answer`;
  }
  if (always(({ completionTokens }) => completionTokens < limits.leastTokens)) {
    return `completions have ${last.completionTokens.toFixed(1)} tokens, ${during}: the policy writes almost nothing`;
  }
  if (always(({ cutOffShare }) => cutOffShare > limits.mostCutOff)) {
    return `${percent(last.cutOffShare)} of the completions hit the length limit, ${during}`;
  }
  // The limit is relative to the first steps, so that a policy that never named places is not reported as collapsed.
  const answeredAtFirst = mean(history.slice(0, limits.patience).map(({ answeredShare }) => answeredShare))!;
  if (always(({ answeredShare }) => answeredShare < limits.leastAnswered * answeredAtFirst)) {
    return `only ${percent(last.answeredShare)} of the completions name a place, ${during}, down from ${percent(answeredAtFirst)}: the policy has learnt to refuse; add a reward for naming a place, or raise its weight`;
  }
  return undefined;
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
