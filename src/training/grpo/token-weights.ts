/** Constant weights of the policy term: entropy mask, off-policy mask and rollout correction. */
import { type PolicyBatch, required } from './policy-batch.ts';
import type { RolloutCorrection } from './policy-loss-options.ts';

/**
 * Returns 1 for unmasked tokens whose entropy is in the top `share`, else 0. The entropy threshold is an interpolated
 * quantile. [N][T]
 */
export function entropyMask({ entropies, mask }: PolicyBatch, share: number): number[][] {
  const values = required(entropies, 'entropies', 'topEntropyQuantile');
  const sorted = values.flatMap((row, i) => row.filter((_, t) => mask[i]![t] === 1)).toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * (1 - share);
  const below = sorted[Math.floor(position)]!;
  const threshold = below + (sorted[Math.ceil(position)]! - below) * (position - Math.floor(position));
  return values.map((row) => row.map((entropy) => (entropy >= threshold ? 1 : 0)));
}

/**
 * Returns 0 for a sequence with A < 0 whose mean log(π_old / π) exceeds the threshold, and 1 for any other sequence.
 */
export function offPolicyWeight(batch: PolicyBatch, index: number, threshold: number | undefined): number {
  if (threshold === undefined || batch.advantages[index]! >= 0) return 1;
  const mask = batch.mask[index]!;
  const old = (batch.samplingLogprobs ?? batch.oldLogprobs)[index]!;
  const tokens = mask.reduce((total, unmasked) => total + unmasked, 0);
  const drift =
    mask.reduce((total, unmasked, t) => total + unmasked * (old[t]! - batch.logprobs[index]![t]!), 0) / tokens;
  return drift > threshold ? 0 : 1;
}

/**
 * Returns ρ = π_old / π_sampling for each token. At level 'sequence', every token gets the product over the sequence. A
 * ρ above the maximum is limited to it or set to 0, by `mode`. [T]
 */
export function rolloutWeights(
  batch: PolicyBatch,
  index: number,
  correction: RolloutCorrection | undefined,
): number[] | undefined {
  if (correction === undefined) return undefined;
  const sampling = required(batch.samplingLogprobs, 'samplingLogprobs', 'rolloutCorrection')[index]!;
  const mask = batch.mask[index]!;
  const logs = batch.oldLogprobs[index]!.map((old, t) => mask[t]! * (old - sampling[t]!));
  const product = logs.reduce((total, value) => total + value, 0);
  return logs.map((log) => {
    const weight = Math.exp(correction.level === 'token' ? log : product);
    if (weight <= correction.maximum) return weight;
    return correction.mode === 'truncate' ? correction.maximum : 0;
  });
}
