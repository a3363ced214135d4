/**
 * Inputs of a policy loss. Arrays are [N][T] unless stated otherwise. Rows may have different T, but row i has the same
 * T in every array.
 */
export type PolicyBatch = {
  readonly logprobs: readonly (readonly number[])[];
  readonly oldLogprobs: readonly (readonly number[])[];
  /** Required if the loss has the option `kl`. */
  readonly referenceLogprobs?: readonly (readonly number[])[];
  /** Required if the loss has the option `rolloutCorrection`. */
  readonly samplingLogprobs?: readonly (readonly number[])[];
  /** Required if the loss has the option `topEntropyQuantile`. */
  readonly entropies?: readonly (readonly number[])[];
  /** 1 for tokens of the completion, 0 for padding. */
  readonly mask: readonly (readonly number[])[];
  /** One advantage per row. Null excludes the row from sums and counts. [N] */
  readonly advantages: readonly (number | null)[];
};

/**
 * Returns `value`. If it is undefined, throws a RangeError that names the missing array (`name`) and the option that
 * needs it (`by`).
 */
export function required<T>(value: T | undefined, name: string, by: string): T {
  if (value === undefined) throw new RangeError(`The batch lacks ${name}, which the option ${by} needs.`);
  return value;
}
