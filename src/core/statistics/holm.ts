/** Holm's correction. It limits the family-wise error rate of several tests. */

/**
 * Returns adjusted p-values in the order of the input (Holm 1979). Each is in [0, 1] and at least as large as the
 * original.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, pValues[index]! * (pValues.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}
