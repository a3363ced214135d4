/** Stops a run that has stopped learning, and says why, instead of burning the night on it. */
import { mean } from '../core/statistics/index.ts';
import type { GrpoRecord } from './step-metrics.ts';

export type CollapseLimits = {
  /** Steps in a row that must be bad. */
  readonly patience: number;
  /** Nats per token below which the policy says one thing only. */
  readonly leastEntropy: number;
  /** Tokens below which completions are empty. */
  readonly leastTokens: number;
  /** Share of completions cut off at the limit. */
  readonly mostCutOff: number;
  /** Share of rows without a reward. */
  readonly mostUnscored: number;
  /** Share of completions that name a place, as a part of what it was in the first `patience` steps. */
  readonly leastAnswered: number;
};

/** Our choice. */
export const DEFAULT_COLLAPSE_LIMITS: CollapseLimits = {
  patience: 10,
  leastEntropy: 0.005,
  leastTokens: 4,
  mostCutOff: 0.95,
  mostUnscored: 0.5,
  leastAnswered: 0.05,
};

/** The reason to stop after these steps, oldest first; undefined while there is none. */
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
    return `${percent(last.statistics.unscoredShare)} of the completions have no reward, ${during}: look at the reasons in samples.jsonl`;
  }
  if (always(({ entropy }) => entropy !== null && entropy < limits.leastEntropy)) {
    return `the entropy is ${last.entropy!.toFixed(4)} nats per token, ${during}: the policy writes one answer only`;
  }
  if (always(({ completionTokens }) => completionTokens < limits.leastTokens)) {
    return `completions have ${last.completionTokens.toFixed(1)} tokens, ${during}: the policy has fallen silent`;
  }
  if (always(({ cutOffShare }) => cutOffShare > limits.mostCutOff)) {
    return `${percent(last.cutOffShare)} of the completions hit the length limit, ${during}`;
  }
  // A policy that has yet to learn to answer has not fallen.
  const answeredAtFirst = mean(history.slice(0, limits.patience).map(({ answeredShare }) => answeredShare))!;
  if (always(({ answeredShare }) => answeredShare < limits.leastAnswered * answeredAtFirst)) {
    return `${percent(last.answeredShare)} of the completions name a place, ${during}, where ${percent(answeredAtFirst)} did at first: the policy has learnt to refuse; a reward that asks for a place is missing or too small`;
  }
  return undefined;
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
