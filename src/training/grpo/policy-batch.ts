/** Inputs of a policy loss. Arrays are [N][T]. Rows may have different T, but row i has the same T in every array. */
export type PolicyBatch = {
  readonly logprobs: readonly (readonly number[])[];
  readonly oldLogprobs: readonly (readonly number[])[];
  /** Needed with `kl`. */
  readonly referenceLogprobs?: readonly (readonly number[])[];
  /** Needed with `rolloutCorrection`. */
  readonly samplingLogprobs?: readonly (readonly number[])[];
  /** Needed with `topEntropyQuantile`. */
  readonly entropies?: readonly (readonly number[])[];
  /** 1 for tokens of the completion, 0 for padding. */
  readonly mask: readonly (readonly number[])[];
  /** [N]; null excludes the row from sums and counts. */
  readonly advantages: readonly (number | null)[];
};

/** Returns `value`. If it is undefined, throws a RangeError that names the option that needs it. */
export function required<T>(value: T | undefined, name: string, by: string): T {
  if (value === undefined) throw new RangeError(`The batch lacks ${name}, which the option ${by} needs.`);
  return value;
}
