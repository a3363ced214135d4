import { describe, expect, it } from 'vitest';
import type { PolicyBatch } from './policy-batch.ts';
import { entropyMask, offPolicyWeight, rolloutWeights } from './token-weights.ts';

const batch: PolicyBatch = {
  logprobs: [[-2, -3, -9]],
  oldLogprobs: [[-1, -1, -1]],
  mask: [[1, 1, 0]],
  advantages: [-1],
};

describe('entropyMask', () => {
  const masked = { ...batch, entropies: [[1, 3, 100], [2]], mask: [[1, 1, 0], [1]] };

  it('keeps the tokens at or above the quantile of the unmasked tokens', () => {
    // The quantile is the median of the unmasked entropies [1, 2, 3], which needs no interpolation.
    expect(entropyMask(masked, 0.5)).toEqual([[0, 1, 1], [1]]);
  });

  it('interpolates between two entropies', () => {
    // For the top quarter, the quantile is at index 2 · 0.75 = 1.5 of the sorted entropies [1, 2, 3], so its value is
    // 2.5.
    expect(entropyMask(masked, 0.25)).toEqual([[0, 1, 1], [0]]);
    expect(entropyMask({ ...masked, entropies: [[1, 3, 2.6], [2.4]] }, 0.25)).toEqual([[0, 1, 0], [0]]);
  });

  it('names the missing entropies', () => {
    expect(() => entropyMask(batch, 0.5)).toThrow('entropies');
  });
});

describe('offPolicyWeight', () => {
  // The log-ratios log(π_old / π) of the two tokens are 1 and 2, so their mean is 1.5.
  it.each([
    ['no threshold', undefined, -1, 1],
    ['below the drift', 1.49, -1, 0],
    ['equal to the drift', 1.5, -1, 1],
    ['a positive advantage', 1, 1, 1],
    ['advantage 0', 1, 0, 1],
  ] as const)('%s', (_, threshold, advantage, expected) => {
    expect(offPolicyWeight({ ...batch, advantages: [advantage] }, 0, threshold)).toBe(expected);
  });

  it('measures from the sampling engine where its probabilities are known', () => {
    expect(offPolicyWeight({ ...batch, samplingLogprobs: [[-2, -3, -1]] }, 0, 1)).toBe(1);
    expect(offPolicyWeight({ ...batch, oldLogprobs: [[-2, -3, -1]], samplingLogprobs: [[0, 0, 0]] }, 0, 1)).toBe(0);
  });
});

describe('rolloutWeights', () => {
  const two = Math.log(2);
  // The token ratios π_old / π_sampling are 2, 1/2 and e^7. The last token is masked.
  const drawn = { ...batch, oldLogprobs: [[two, 0, 7]], samplingLogprobs: [[0, two, 0]] };

  it.each([
    ['token', 'truncate', 1.5, [1.5, 0.5, 1]],
    ['token', 'mask', 1.5, [0, 0.5, 1]],
    ['sequence', 'truncate', 0.5, [0.5, 0.5, 0.5]],
    ['sequence', 'mask', 0.5, [0, 0, 0]],
    // The product of the ratios 2 and 1/2 equals the maximum of 1, which is allowed.
    ['sequence', 'mask', 1, [1, 1, 1]],
  ] as const)('per %s, %s above %d', (level, mode, maximum, expected) => {
    const weights = rolloutWeights(drawn, 0, { level, mode, maximum })!;
    expect(weights).toEqual(expected.map((value) => expect.closeTo(value, 12)));
  });

  it('are absent without the option, which needs the probabilities of the sampling engine', () => {
    expect(rolloutWeights(batch, 0, undefined)).toBeUndefined();
    expect(() => rolloutWeights(batch, 0, { level: 'token', mode: 'mask', maximum: 2 })).toThrow('samplingLogprobs');
  });
});
