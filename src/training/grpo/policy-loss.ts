/**
 * The policy-gradient loss of the GRPO family and its exact gradient with respect to the log-probabilities, in doubles.
 * The loss reproduces the numbers of TRL and verl, and tests compare the training backend's tensor program with it.
 * policy-loss-options.ts has the formulas.
 *
 * A token's loss depends only on its own log-probability and on the mean log-ratio of its sequence. Each term therefore
 * has two derivatives: `token`, with respect to the token's log-probability, and `sequence`, with respect to that mean.
 */
import { klTerm } from './kl.ts';
import { type PolicyBatch, required } from './policy-batch.ts';
import type { PolicyLossOptions } from './policy-loss-options.ts';
import { type Term, times } from './term.ts';
import { surrogateTerm } from './surrogate.ts';
import { entropyMask, offPolicyWeight, rolloutWeights } from './token-weights.ts';

export type PolicyLoss = {
  readonly loss: number;
  /** ∂loss/∂logprobs. It is 0 at masked tokens and in excluded rows. [N][T] */
  readonly gradient: number[][];
};

type LossRow = {
  readonly index: number;
  readonly advantage: number;
  readonly mask: readonly number[];
  readonly length: number;
  readonly terms: readonly Term[];
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Computes the loss and its gradient. Throws a RangeError if the batch lacks an array that the options need. */
export function policyLoss(batch: PolicyBatch, options: PolicyLossOptions): PolicyLoss {
  const rows = rowsOf(batch, options);
  const weightOf = aggregationWeights(rows, options);
  const gradient = batch.logprobs.map((row) => row.map(() => 0));
  let loss = 0;
  for (const row of rows) {
    const weights = row.mask.map((value) => value * weightOf(row));
    loss += sum(row.terms.map((term, t) => weights[t]! * term.value));
    const throughMean = sum(row.terms.map((term, t) => weights[t]! * term.sequence));
    for (const [t, term] of row.terms.entries()) {
      gradient[row.index]![t] = weights[t]! * term.token + (row.mask[t]! * throughMean) / row.length;
    }
  }
  return { loss, gradient };
}

function rowsOf(batch: PolicyBatch, options: PolicyLossOptions): LossRow[] {
  const topEntropy =
    options.topEntropyQuantile === undefined ? undefined : entropyMask(batch, options.topEntropyQuantile);
  return batch.advantages.flatMap((advantage, index) => {
    if (advantage === null) return [];
    const mask = batch.mask[index]!;
    const length = sum(mask) + (options.maskedMeanEpsilon ?? 0);
    const surrogate = surrogateTerm({
      logprobs: batch.logprobs[index]!,
      oldLogprobs: batch.oldLogprobs[index]!,
      mask,
      length,
      advantage,
      options,
    });
    const weights = rolloutWeights(batch, index, options.rolloutCorrection);
    const sequenceWeight = offPolicyWeight(batch, index, options.offPolicyThreshold);
    const terms = mask.map((_, t) => {
      const weight = sequenceWeight * (weights?.[t] ?? 1) * (topEntropy?.[index]![t] ?? 1);
      const policy = times(surrogate.terms[t]!, weight);
      if (options.kl === undefined) return policy;
      const kl = klTerm({
        logprob: batch.logprobs[index]![t]!,
        referenceLogprob: required(batch.referenceLogprobs, 'referenceLogprobs', 'kl')[index]![t]!,
        ratio: surrogate.ratios[t]!,
        options: options.kl,
      });
      return {
        value: policy.value + kl.value,
        token: policy.token + kl.token,
        sequence: policy.sequence + kl.sequence,
      };
    });
    return [{ index, advantage, mask, length, terms }];
  });
}

/** Returns a function that computes the weight of a row's tokens in the loss. */
function aggregationWeights(rows: readonly LossRow[], options: PolicyLossOptions): (row: LossRow) => number {
  const { aggregation, gradientAccumulation = 1, weightByLength = false } = options;
  const count = rows.length;
  const tokens = sum(rows.map((row) => sum(row.mask)));
  const share = (row: LossRow): number => {
    switch (aggregation.kind) {
      case 'sequence-mean-token-mean':
        return 1 / (count * row.length);
      case 'token-mean':
        return 1 / (tokens + (options.maskedMeanEpsilon ?? 0));
      case 'sequence-mean-token-sum-norm':
        return 1 / (count * aggregation.length);
      case 'sequence-mean-token-sum':
        return 1 / count;
      case 'token-sum':
        return 1;
      default:
        throw new RangeError(`Unknown aggregation: ${JSON.stringify(aggregation satisfies never)}.`);
    }
  };
  return (row) => (share(row) * (weightByLength ? row.length : 1)) / gradientAccumulation;
}
