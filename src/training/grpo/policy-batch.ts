/** What a policy loss is computed from. */

/** All arrays are [N][T]; T may differ between rows as long as it is the same for one row in every array. */
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
  /** [N]; null leaves the row out of sums and counts alike. */
  readonly advantages: readonly (number | null)[];
};

/** The array, or a RangeError that names the option which needs it. */
export function required<T>(value: T | undefined, name: string, by: string): T {
  if (value === undefined) throw new RangeError(`The batch has no ${name}, which the option ${by} needs.`);
  return value;
}
