/**
 * Losses over the target tokens of a batch. Each loss is a table entry with its per-token inputs, settings and formula.
 * A loss is a sum over tokens, so the losses of several batches can be added. To get a mean, scale the weights or
 * advantages.
 */
import { invalidInput } from '../../core/errors.ts';
import { add, exp, maximum, minimum, mul, neg, sub, type Tensor } from '../../tensor/index.ts';

export type LossDefinition = {
  /** Names of the per-token arrays that the loss needs in addition to the target tokens. */
  readonly tokenInputs: readonly string[];
  /** Numeric settings with their defaults. */
  readonly settings: Readonly<Record<string, number>>;
  /**
   * Computes the loss per token [rows] from the log-probabilities [rows] and `inputs`, which has the per-token arrays
   * [rows] and the settings as scalars.
   */
  readonly perToken: (logprobs: Tensor, inputs: Readonly<Record<string, Tensor>>) => Tensor;
};

/** The ratio ρ = (a token's current probability) / (its probability when it was sampled). */
const ratio = (logprobs: Tensor, { oldLogprobs }: Readonly<Record<string, Tensor>>): Tensor =>
  exp(sub(logprobs, oldLogprobs!));

const losses: Readonly<Record<string, LossDefinition>> = {
  /** −w log p, where w is the token's weight and p its probability. */
  cross_entropy: {
    tokenInputs: ['weights'],
    settings: {},
    perToken: (logprobs, { weights }) => neg(mul(logprobs, weights!)),
  },
  /**
   * −ρA, where A is the advantage. The ratio ρ corrects the policy gradient for the difference between the sampler's
   * and the current distribution.
   */
  importance_sampling: {
    tokenInputs: ['oldLogprobs', 'advantages'],
    settings: {},
    perToken: (logprobs, inputs) => neg(mul(ratio(logprobs, inputs), inputs['advantages']!)),
  },
  /** −min(ρA, clip(ρ, 1 − low, 1 + high) A) (Schulman et al. 2017). */
  ppo: {
    tokenInputs: ['oldLogprobs', 'advantages'],
    settings: { clipLow: 0.2, clipHigh: 0.2 },
    perToken: (logprobs, inputs) => {
      const rho = ratio(logprobs, inputs);
      const advantages = inputs['advantages']!;
      const bounded = minimum(maximum(rho, sub(1, inputs['clipLow']!)), add(inputs['clipHigh']!, 1));
      return neg(minimum(mul(rho, advantages), mul(bounded, advantages)));
    },
  },
};

/** Returns a loss by name. Throws `invalid-input` for an unknown name. */
export function lossNamed(name: string): LossDefinition {
  const loss = Object.hasOwn(losses, name) ? losses[name] : undefined;
  if (loss === undefined)
    throw invalidInput(`Unknown loss: "${name}".`, `Use one of: ${Object.keys(losses).join(', ')}.`);
  return loss;
}
