import { describe, expect, it } from 'vitest';
import type { PolicyLossOptions, Surrogate } from './policy-loss-options.ts';
import { surrogateTerm } from './surrogate.ts';

const clip = { kind: 'clip', low: 0.2, high: 0.2 } as const;

/** Computes the policy terms of a sequence from the log-ratio of each token. */
function termsAt(
  logRatios: readonly number[],
  { advantage = 1, surrogate = clip, ...options }: Partial<PolicyLossOptions> & { advantage?: number },
) {
  return surrogateTerm({
    logprobs: logRatios,
    oldLogprobs: logRatios.map(() => 0),
    mask: logRatios.map(() => 1),
    length: logRatios.length,
    advantage,
    options: { aggregation: { kind: 'token-sum' }, surrogate, ...options },
  });
}

describe('ratio levels', () => {
  it('token: one ratio per token, flat beyond the limit', () => {
    const { ratios } = termsAt([1, 2, -2], { logRatioLimit: 1 });
    const e = Math.exp(1);
    expect(ratios).toEqual([
      { value: e, token: e, sequence: 0 },
      { value: e, token: 0, sequence: 0 },
      { value: Math.exp(-1), token: 0, sequence: 0 },
    ]);
  });

  it('sequence: the ratio of the mean, whose gradient flows through the mean', () => {
    const ratio = Math.exp(1);
    const expected = { value: ratio, token: 0, sequence: ratio };
    expect(termsAt([0, 2], { ratioLevel: 'sequence' }).ratios).toEqual([expected, expected]);
    expect(termsAt([12], { ratioLevel: 'sequence' }).ratios[0]!.value).toBe(Math.exp(12));
  });

  it('sequence-token: the same value, the gradient of the token; flat above a mean of 10, not at it', () => {
    const limit = Math.exp(10);
    const [at] = termsAt([10], { ratioLevel: 'sequence-token' }).ratios;
    expect(at).toEqual({ value: limit, token: limit, sequence: 0 });
    const [above] = termsAt([11], { ratioLevel: 'sequence-token' }).ratios;
    expect(above).toEqual({ value: limit, token: 0, sequence: 0 });
  });

  it('rejects an unknown level', () => {
    expect(() => termsAt([0], { ratioLevel: 'batch' as never })).toThrow('batch');
  });
});

describe('clip', () => {
  // The loss is the larger of −ρA and −clip(ρ)A.
  it.each([
    [0.5, 1, -0.5, -0.5],
    [2, 1, -1.2, 0],
    [0.5, -1, 0.8, 0],
    [2, -1, 2, 2],
    [1, 1, -1, -1],
  ])('ratio %d, advantage %d', (ratio, advantage, value, slope) => {
    const [term] = termsAt([Math.log(ratio)], { advantage }).terms;
    expect(term!.value).toBeCloseTo(value, 12);
    expect(term!.token).toBeCloseTo(slope, 12);
  });

  it.each([
    ['delta', { ...clip, delta: 1.5 }, 1.5],
    ['dual', { ...clip, dual: 1.25 }, 1.25],
  ] as const)('%s caps the loss of a negative advantage, with slope 0', (_, surrogate, value) => {
    const [term] = termsAt([Math.log(2)], { advantage: -1, surrogate }).terms;
    expect(term!.value).toBeCloseTo(value, 12);
    expect(Math.abs(term!.token)).toBe(0);
  });

  it.each([
    ['delta', { ...clip, delta: 1 }],
    ['dual', { ...clip, dual: 1 }],
  ] as const)('%s lets the limit itself learn: a token on policy has a gradient', (_, surrogate) => {
    expect(termsAt([0], { advantage: -1, surrogate }).terms).toEqual([{ value: 1, token: 1, sequence: 0 }]);
  });

  it('dual leaves a positive advantage alone', () => {
    const [term] = termsAt([Math.log(0.5)], { surrogate: { ...clip, dual: 0.1 } }).terms;
    expect(term!.value).toBeCloseTo(-0.5, 12);
  });

  it('rejects an unknown surrogate', () => {
    const surrogate = { kind: 'ppo' } as unknown as Surrogate;
    expect(() => termsAt([0], { surrogate })).toThrow('ppo');
  });
});
