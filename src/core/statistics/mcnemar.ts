/**
 * McNemar's exact test: did two methods, measured on the same items, succeed equally often? Only the items on which
 * they differ speak, and under the null hypothesis each of those falls to either side like a fair coin.
 */
import { gammaln } from 'simple-statistics';

/**
 * Two-sided exact p-value for `onlyA` items that only the first method got right and `onlyB` that only the second did:
 * min(1, 2 · P(X ≤ min(onlyA, onlyB))), X binomial with n = onlyA + onlyB and p = 1/2. Exact in logarithms, so it
 * neither under- nor overflows for large n; 1 when the methods never differ.
 */
export function mcnemarExact(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  const smaller = Math.min(onlyA, onlyB);
  if (n === 0) return 1;
  // The tail relative to its largest term, P(X = k): each step down multiplies by k / (n - k + 1).
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
