/**
 * Losses over the chosen tokens of a batch. Each entry has its per-token arrays, its settings and its formula; a new
 * loss is one more entry. A loss is a sum over tokens, so that the losses of batches can be added; for a mean, the
 * caller scales weights or advantages.
 */
import { invalidInput } from '../../core/errors.ts';
import { add, exp, maximum, minimum, mul, neg, sub, type Tensor } from '../../tensor/index.ts';

export type LossDefinition = {
  /** Per-token arrays that the data must contain besides the targets. */
  readonly tokenInputs: readonly string[];
  /** Numeric settings with their defaults. */
  readonly settings: Readonly<Record<string, number>>;
  /** Loss of each token [rows], from its log-probability [rows] and the inputs by name ([rows], or scalar settings). */
  readonly perToken: (logprobs: Tensor, inputs: Readonly<Record<string, Tensor>>) => Tensor;
};

/** The ratio ρ: the token's current probability divided by its probability at sampling. */
const ratio = (logprobs: Tensor, { oldLogprobs }: Readonly<Record<string, Tensor>>): Tensor =>
  exp(sub(logprobs, oldLogprobs!));

const losses: Readonly<Record<string, LossDefinition>> = {
  /** -w log p, with weight w and probability p of the token. */
  cross_entropy: {
    tokenInputs: ['weights'],
    settings: {},
    perToken: (logprobs, { weights }) => neg(mul(logprobs, weights!)),
  },
  /** -ρA, with advantage A: the policy gradient corrected for the sampler's distribution. */
  importance_sampling: {
    tokenInputs: ['oldLogprobs', 'advantages'],
    settings: {},
    perToken: (logprobs, inputs) => neg(mul(ratio(logprobs, inputs), inputs['advantages']!)),
  },
  /** -min(ρA, clip(ρ, 1 - low, 1 + high) A) (Schulman et al. 2017). */
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

/** A loss by name. Throws `invalid-input`, which lists all losses, for an unknown name. */
export function lossNamed(name: string): LossDefinition {
  const loss = Object.hasOwn(losses, name) ? losses[name] : undefined;
  if (loss === undefined)
    throw invalidInput(`Unknown loss: "${name}".`, `Use one of: ${Object.keys(losses).join(', ')}.`);
  return loss;
}
