/**
 * A histogram for approximate ranks and sums. Iterating over its 4096 bins is faster than iterating over every value.
 */

export type Histogram = {
  readonly low: number;
  readonly width: number;
  readonly counts: Uint32Array;
  /** Sum of the values in each bin. */
  readonly sums: Float64Array;
};

const BINS = 4096;

export function histogramOf(values: Float32Array): Histogram {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const counts = new Uint32Array(BINS);
  const sums = new Float64Array(BINS);
  const width = (high - low) / (BINS - 1) || 1;
  for (const value of values) {
    const bin = Math.trunc((value - low) / width);
    counts[bin]! += 1;
    sums[bin]! += value;
  }
  return { low, width, counts, sums };
}

/** Returns the k-th largest value, or a value that is lower by less than the width of a bin. */
export function kthLargest({ low, width, counts }: Histogram, k: number): number {
  let above = 0;
  for (let bin = BINS - 1; bin > 0; bin--) {
    above += counts[bin]!;
    if (above >= k) return low + bin * width;
  }
  return low;
}

/** Approximates the sum of a function over all values, by replacing each value with the mean of its bin. */
export function totalOf({ counts, sums }: Histogram, weight: (value: number) => number): number {
  let total = 0;
  for (let bin = 0; bin < BINS; bin++) if (counts[bin]! > 0) total += counts[bin]! * weight(sums[bin]! / counts[bin]!);
  return total;
}
