/**
 * McNemar's exact test: did two methods succeed equally often on the same items? Only items on which the methods differ
 * count. Under the null hypothesis, each such item is a fair coin toss. If items form clusters (the photos by one
 * owner), each cluster is one coin toss.
 */
import { gammaln } from 'simple-statistics';

/**
 * Returns the two-sided exact p-value. `onlyA` is the number of items that only the first method got right. `onlyB` is
 * the number of items that only the second method got right.
 *
 * p = min(1, 2 · P(X ≤ min(onlyA, onlyB))), where X is binomial with n = onlyA + onlyB and probability 1/2. The
 * computation uses logarithms, so it does not underflow or overflow for large n. Returns 1 if the methods never differ.
 */
export function mcnemarExact(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  const smaller = Math.min(onlyA, onlyB);
  if (n === 0) return 1;
  // Sums the tail relative to its largest term, P(X = k). From k to k − 1, the term is multiplied by k / (n - k + 1).
  let term = 1;
  let relativeTail = 1;
  for (let k = smaller; k > 0; k--) {
    term *= k / (n - k + 1);
    relativeTail += term;
    if (term < relativeTail * Number.EPSILON) break;
  }
  const logLargest = gammaln(n + 1) - gammaln(smaller + 1) - gammaln(n - smaller + 1) - n * Math.LN2;
  return Math.min(1, 2 * Math.exp(logLargest + Math.log(relativeTail)));
}

/**
 * McNemar's exact test for clusters. `differences` contains one number per cluster: the number of items that only the
 * second method got right minus the number that only the first got right. Under the null hypothesis, the sign of each
 * difference is a fair coin toss.
 *
 * Returns the two-sided exact p-value P(|Σ ±d| ≥ |Σ d|) over all 2^K signs, by convolution in O(K · Σ|d|) time. For
 * clusters of one item, it equals `mcnemarExact`. Source: the sign-flip (Fisher) randomisation test on cluster totals.
 */
export function mcnemarClustered(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs).filter((size) => size > 0);
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
  const most = sizes.reduce((sum, size) => sum + size, 0);
  if (observed === 0) return 1;
  // probability[s + most] is the probability that the clusters processed so far have the sum s.
  let probability = new Float64Array(2 * most + 1);
  probability[most] = 1;
  let reach = 0;
  for (const size of sizes) {
    const next = new Float64Array(2 * most + 1);
    for (let sum = -reach; sum <= reach; sum++) {
      const half = probability[sum + most]! / 2;
      if (half === 0) continue;
      next[sum + size + most]! += half;
      next[sum - size + most]! += half;
    }
    probability = next;
    reach += size;
  }
  const tail = probability.reduce((sum, p, i) => (Math.abs(i - most) >= observed ? sum + p : sum), 0);
  return Math.min(1, tail);
}
