import { describe, expect, it } from 'vitest';
import { klTerm } from './kl.ts';
import type { KlOptions } from './policy-loss-options.ts';

const ratio = { value: 2, token: 3, sequence: 5 };
const klAt = (difference: number, options: Partial<KlOptions>) =>
  klTerm({ logprob: difference - 1, referenceLogprob: -1, ratio, options: { coefficient: 0.5, ...options } });

describe('klTerm', () => {
  // log π − log π_ref is 1 in each row. The k3 estimate is then 1/e, and its slope with respect to log π is 1 − 1/e.
  it.each([
    ['k1', 1, 1],
    ['k1+', 1, 1],
    ['abs', 1, 1],
    ['k2', 0.5, 1],
    ['k3', Math.exp(-1), 1 - Math.exp(-1)],
    ['k3+', Math.exp(-1), 1],
  ] as const)('%s: β times estimate and slope', (estimator, value, slope) => {
    const term = klAt(1, { estimator });
    expect(term.value).toBeCloseTo(0.5 * value, 12);
    expect(term.token).toBeCloseTo(0.5 * slope, 12);
    expect(term.sequence).toBe(0);
  });

  it.each([
    ['k1', -2, 1],
    ['k1+', -2, -2],
    ['abs', 2, -1],
    ['k2', 2, -2],
  ] as const)('%s below the reference', (estimator, value, slope) => {
    expect(klAt(-2, { estimator })).toEqual({ value: 0.5 * value, token: 0.5 * slope, sequence: 0 });
  });

  it.each([1, -1])('k3 is flat beyond the limit of the log-ratio (%d)', (sign) => {
    const inside = klAt(sign, { logRatioLimit: 1 });
    const outside = klAt(3 * sign, { logRatioLimit: 1 });
    expect(outside.value).toBe(inside.value);
    expect(inside.token).toBeCloseTo(0.5 * (1 - Math.exp(-sign)), 12);
    expect(Math.abs(outside.token)).toBe(0);
  });

  it('k3 is flat above the limit of the value, not at it', () => {
    const k3 = Math.exp(-1) + 1 - 1;
    expect(klAt(1, { valueLimit: k3 }).token).toBeCloseTo(0.5 * (1 - Math.exp(-1)), 12);
    expect(klAt(1, { valueLimit: 0.3 })).toEqual({ value: 0.15, token: 0, sequence: 0 });
  });

  it('bias correction multiplies by the ratio, and follows its derivatives', () => {
    // log π − log π_ref is 2, so the k2 estimate has value 2 and slope 2. The ratio is 2, and its derivatives are 3
    // (token) and 5 (sequence).
    const term = klAt(2, { estimator: 'k2', biasCorrection: true });
    expect(term).toEqual({ value: 0.5 * 2 * 2, token: 0.5 * (2 * 2 + 2 * 3), sequence: 0.5 * 2 * 5 });
  });
});
