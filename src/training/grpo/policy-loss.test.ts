import { describe, expect, it } from 'vitest';
import { goldenBatch as batch, goldenCases } from '../../../test/support/golden-grpo.ts';
import golden from './fixtures/golden-grpo.json' with { type: 'json' };
import type { PolicyBatch } from './policy-batch.ts';
import { policyLoss } from './policy-loss.ts';

describe('policyLoss equals the engines, loss and gradient', () => {
  it.each(goldenCases)('$name', ({ options, batch: of, loss: expected, gradient: slopes }) => {
    const { loss, gradient } = policyLoss(of, options);
    // The fixture has 12 decimals, so the test can require an agreement to 1e-9.
    expect(loss).toBeCloseTo(expected, 9);
    for (const [i, row] of slopes.entries()) {
      for (const [t, value] of row.entries()) expect(gradient[i]![t]!, `row ${i}, token ${t}`).toBeCloseTo(value, 9);
    }
  });

  it('covers every loss of the fixture', () => {
    const names = [
      ...Object.keys(golden.trl_losses).map((name) => `TRL ${name}`),
      ...Object.keys(golden.verl_losses).map((name) => `verl ${name}`),
    ];
    expect(goldenCases.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  });
});

describe('policyLoss', () => {
  it('excludes unscored rows as if they had not been sampled', () => {
    const keep = [0, 2, 3, 5, 7];
    const only = <T>(rows: readonly T[]): T[] => keep.map((i) => rows[i]!);
    const fewer: PolicyBatch = {
      logprobs: only(batch.logprobs),
      oldLogprobs: only(batch.oldLogprobs),
      referenceLogprobs: only(batch.referenceLogprobs!),
      samplingLogprobs: only(batch.samplingLogprobs!),
      mask: only(batch.mask),
      advantages: only(batch.advantages),
    };
    const unscored = { ...batch, advantages: batch.advantages.map((value, i) => (keep.includes(i) ? value : null)) };
    // Losses with an entropy quantile are excluded, because they use the tokens of unscored rows for the quantile.
    const independent = goldenCases.filter(({ options }) => options.topEntropyQuantile === undefined);
    for (const { name, options } of independent) {
      const expected = policyLoss(fewer, options);
      const actual = policyLoss(unscored, options);
      expect(actual.loss, name).toBe(expected.loss);
      expect(only(actual.gradient), name).toEqual(expected.gradient);
      expect(actual.gradient[1], name).toEqual(batch.mask[1]!.map(() => 0));
    }
  });

  const sequence: PolicyBatch = {
    logprobs: [[-1, -2, -0.5]],
    oldLogprobs: [[-1.3, -1.9, -0.7]],
    referenceLogprobs: [[-0.8, -2.4, -0.9]],
    entropies: [[1, 3, 2]],
    mask: [[1, 1, 1]],
    advantages: [0.7],
  };
  const surrogate = { kind: 'clip', low: 0.9, high: 9 } as const;

  // The token weights differ within a sequence. With equal weights, a gradient through the sequence mean would equal a
  // gradient through each token, and the test would not notice a mix-up.
  it.each([
    ['of the most uncertain tokens', { topEntropyQuantile: 0.5 }],
    ['and a divergence that the ratio corrects', { kl: { coefficient: 0.4, biasCorrection: true } }],
  ] as const)('has the slope of finite differences: ratio of the sequence, %s', (_, extra) => {
    const options = { surrogate, ratioLevel: 'sequence', aggregation: { kind: 'token-sum' }, ...extra } as const;
    const lossAt = (t: number, step: number): number => {
      const logprobs = [sequence.logprobs[0]!.with(t, sequence.logprobs[0]![t]! + step)];
      return policyLoss({ ...sequence, logprobs }, options).loss;
    };
    const { gradient } = policyLoss(sequence, options);
    for (const t of [0, 1, 2]) {
      expect(gradient[0]![t]).toBeCloseTo((lossAt(t, 1e-5) - lossAt(t, -1e-5)) / 2e-5, 7);
    }
  });

  it('adds the epsilon of a masked mean to the number of tokens', () => {
    const onPolicy = { ...sequence, oldLogprobs: sequence.logprobs };
    const options = { surrogate, aggregation: { kind: 'token-mean' }, maskedMeanEpsilon: 1 } as const;
    expect(policyLoss(onPolicy, options).loss).toBeCloseTo((-0.7 * 3) / 4, 12);
  });

  it('rejects an unknown aggregation', () => {
    const aggregation = { kind: 'median' } as never;
    expect(() => policyLoss(sequence, { surrogate, aggregation })).toThrow('median');
  });

  it('names the array that an option needs', () => {
    const { referenceLogprobs: _, ...without } = batch;
    const { options } = goldenCases.find(({ name }) => name === 'TRL grpo/eps0.2/beta0.04')!;
    expect(() => policyLoss(without, options)).toThrow('referenceLogprobs, which the option kl needs');
  });
});
