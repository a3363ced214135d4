import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nucleus } from '../nano/sampling/choose-token.ts';
import { advantages } from './grpo/advantages.ts';
import { policyLoss } from './grpo/policy-loss.ts';
import { trainRecipeSchema } from './recipe.ts';

type Sampling = { readonly temperature?: number; readonly topP?: number; readonly topK?: number };

const isAccepted = (sampling: Sampling): boolean =>
  trainRecipeSchema.safeParse({ method: 'grpo', model: { checkpoint: 'x' }, data: { train: 'y' }, ...sampling })
    .success;

function softmax(logits: readonly number[], temperature: number): number[] {
  const weights = logits.map((logit) => Math.exp((logit - Math.max(...logits)) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight);
  return weights.map((weight) => weight / total);
}

/** Returns the probability with which the sampler draws each token, after temperature, top-k and top-p. */
function samplingProbabilities(logits: readonly number[], { temperature = 1, topP = 1, topK = Infinity }: Sampling) {
  const tempered = softmax(logits, temperature);
  const kept = new Set(nucleus(Float32Array.from(tempered), { topP, topK }));
  const mass = tempered.reduce((sum, share, id) => sum + (kept.has(id) ? share : 0), 0);
  return tempered.map((share, id) => (kept.has(id) ? share / mass : 0));
}

/**
 * Returns the expected gradient of the loss with respect to the logits. The expectation is over all groups of two
 * one-token completions.
 */
function expectedGradient(logits: readonly number[], rewards: readonly number[], sampling: Sampling): number[] {
  const policy = softmax(logits, 1);
  const drawn = samplingProbabilities(logits, sampling);
  const gradient = logits.map(() => 0);
  for (const [a, p] of drawn.entries()) {
    for (const [b, q] of drawn.entries()) {
      const group = [a, b];
      // Rollouts record log-probabilities before temperature, top-k and top-p, so the log-probabilities are computed
      // from `policy` instead of `drawn`.
      const logprobs = group.map((token) => [Math.log(policy[token]!)]);
      const options = { groupSize: 2, estimator: 'rloo' } as const;
      const loss = policyLoss(
        {
          logprobs,
          oldLogprobs: logprobs,
          mask: [[1], [1]],
          advantages: advantages(
            group.map((token) => rewards[token]!),
            options,
          ),
        },
        { surrogate: { kind: 'clip', low: 0.2, high: 0.2 }, aggregation: { kind: 'sequence-mean-token-sum' } },
      );
      for (const [row, token] of group.entries()) {
        for (const j of logits.keys()) {
          gradient[j]! += p * q * loss.gradient[row]![0]! * (Number(j === token) - policy[j]!);
        }
      }
    }
  }
  return gradient;
}

/** Returns the gradient of the negative expected reward with respect to the logits. */
function trueGradient(logits: readonly number[], rewards: readonly number[]): number[] {
  const policy = softmax(logits, 1);
  const value = policy.reduce((sum, share, id) => sum + share * rewards[id]!, 0);
  return policy.map((share, id) => -share * (rewards[id]! - value));
}

const number = fc.double({ min: -2, max: 2, noNaN: true });
const problem = fc
  .integer({ min: 2, max: 5 })
  .chain((length) =>
    fc.tuple(
      fc.array(number, { minLength: length, maxLength: length }),
      fc.array(number, { minLength: length, maxLength: length }),
    ),
  );
const sampling = fc.record(
  {
    temperature: fc.oneof(fc.constant(1), fc.double({ min: 0.1, max: 2, noNaN: true })),
    topP: fc.oneof(fc.constant(1), fc.double({ min: 0.1, max: 1, noNaN: true })),
    topK: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: [] },
);

it('the expected on-policy gradient is that of the expected reward for every recipe that is accepted', () => {
  fc.assert(
    fc.property(problem, sampling, ([logits, rewards], options) => {
      fc.pre(isAccepted(options));
      const expected = trueGradient(logits, rewards);
      for (const [j, value] of expectedGradient(logits, rewards, options).entries()) {
        expect(value).toBeCloseTo(expected[j]!, 6);
      }
    }),
    { numRuns: 200 },
  );
});

it.each([{ temperature: 0.7 }, { temperature: 1.3 }, { topP: 0.6 }, { topK: 2 }])(
  'refuses a recipe whose gradient would be biased: %o',
  (options) => {
    const [logits, rewards] = [
      [0.5, -0.3, 1],
      [1, 0, 0.2],
    ];
    const bias = expectedGradient(logits, rewards, options).map(
      (value, j) => value - trueGradient(logits, rewards)[j]!,
    );
    expect(Math.max(...bias.map(Math.abs))).toBeGreaterThan(0.01);
    expect(isAccepted(options)).toBe(false);
  },
);

it('accepts the plain distribution, written out or not', () => {
  expect([{}, { temperature: 1 }, { topP: 1 }, { temperature: 1, topP: 1 }].map(isAccepted)).toEqual([
    true,
    true,
    true,
    true,
  ]);
});
