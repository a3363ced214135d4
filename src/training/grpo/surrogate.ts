/**
 * Computes the policy term of each token for the surrogates clip, CISPO, SAPO, VESPO and GMPO, with ratios per token or
 * per sequence.
 */
import type { PolicyLossOptions, RatioLevel, Surrogate } from './policy-loss-options.ts';
import type { Term } from './term.ts';

type Sequence = {
  readonly logprobs: readonly number[];
  readonly oldLogprobs: readonly number[];
  readonly mask: readonly number[];
  /** Number of unmasked tokens, plus the option `maskedMeanEpsilon`. */
  readonly length: number;
  readonly advantage: number;
  readonly options: PolicyLossOptions;
};

/** One token's ratio ρ, with its derivatives. */
type Ratio = Term;

/** Maximum log-ratio of GSPO-token, as in verl. */
const SEQUENCE_TOKEN_LIMIT = 10;
/** Maximum |log w|, where w is VESPO's product of ratios. For larger w, e^(−λw) underflows to 0 in doubles. */
const VESPO_LOG_LIMIT = 20;

const clip = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export function surrogateTerm(sequence: Sequence): { terms: Term[]; ratios: Ratio[] } {
  const { logprobs, oldLogprobs, mask, length, advantage, options } = sequence;
  const { surrogate, ratioLevel = 'token', logRatioLimit = Number.POSITIVE_INFINITY } = options;
  const logRatios = logprobs.map((logprob, t) => logprob - oldLogprobs[t]!);
  const meanLogRatio = logRatios.reduce((total, value, t) => total + value * mask[t]!, 0) / length;
  const ratios = logRatios.map((value) => ratioAt(ratioLevel, { value, meanLogRatio, logRatioLimit }));
  if (surrogate.kind === 'gmpo') return { terms: gmpo(sequence, logRatios, surrogate), ratios };
  if (surrogate.kind === 'vespo') {
    const { k, lambda } = advantage >= 0 ? surrogate.positive : surrogate.negative;
    const logWeight = clip(meanLogRatio * length, -VESPO_LOG_LIMIT, VESPO_LOG_LIMIT);
    const phi = Math.exp(lambda + k * logWeight - lambda * Math.exp(logWeight));
    return { terms: logprobs.map((logprob) => weightedLogprob(-phi * advantage, logprob)), ratios };
  }
  return { terms: ratios.map((ratio, t) => tokenTerm(surrogate, { ratio, logprob: logprobs[t]!, advantage })), ratios };
}

function ratioAt(
  level: RatioLevel,
  { value, meanLogRatio, logRatioLimit }: { value: number; meanLogRatio: number; logRatioLimit: number },
): Ratio {
  switch (level) {
    case 'token': {
      const limited = clip(value, -logRatioLimit, logRatioLimit);
      const ratio = Math.exp(limited);
      return { value: ratio, token: limited === value ? ratio : 0, sequence: 0 };
    }
    case 'sequence': {
      const ratio = Math.exp(meanLogRatio);
      return { value: ratio, token: 0, sequence: ratio };
    }
    case 'sequence-token': {
      const ratio = Math.exp(Math.min(meanLogRatio, SEQUENCE_TOKEN_LIMIT));
      return { value: ratio, token: meanLogRatio > SEQUENCE_TOKEN_LIMIT ? 0 : ratio, sequence: 0 };
    }
    default:
      throw new RangeError(`Unknown ratio level: ${String(level satisfies never)}.`);
  }
}

/**
 * Applies the chain rule to a function of the ratio. `slope` is the function's derivative with respect to the ratio.
 */
function chained(value: number, slope: number, ratio: Ratio): Term {
  return { value, token: slope * ratio.token, sequence: slope * ratio.sequence };
}

/** Returns weight · log π and its derivatives. The weight is treated as a constant. */
function weightedLogprob(weight: number, logprob: number): Term {
  return { value: weight * logprob, token: weight, sequence: 0 };
}

function tokenTerm(
  surrogate: Exclude<Surrogate, { kind: 'gmpo' | 'vespo' }>,
  { ratio, logprob, advantage }: { ratio: Ratio; logprob: number; advantage: number },
): Term {
  switch (surrogate.kind) {
    case 'clip': {
      const { low, high, delta = Number.POSITIVE_INFINITY, dual = Number.POSITIVE_INFINITY } = surrogate;
      const free = -Math.min(ratio.value, delta) * advantage;
      const clipped = -clip(ratio.value, 1 - low, 1 + high) * advantage;
      if (advantage < 0 && Math.max(free, clipped) > -dual * advantage) return chained(-dual * advantage, 0, ratio);
      // Inside the clip range, the clipped and unclipped values are equal, and the slope is −A.
      if (free >= clipped) return chained(free, ratio.value > delta ? 0 : -advantage, ratio);
      return chained(clipped, 0, ratio);
    }
    case 'cispo': {
      const weight = clip(ratio.value, surrogate.minimum ?? 0, surrogate.maximum);
      return weightedLogprob(-weight * advantage, logprob);
    }
    case 'sapo': {
      const temperature = advantage > 0 ? surrogate.positiveTemperature : surrogate.negativeTemperature;
      const gate = sigmoid(temperature * (ratio.value - 1));
      return chained((-4 / temperature) * gate * advantage, -4 * gate * (1 - gate) * advantage, ratio);
    }
    default:
      throw new RangeError(`Unknown surrogate: ${JSON.stringify(surrogate satisfies never)}.`);
  }
}

/**
 * GMPO has one value per sequence. Every token gets this value, so that the mean over the sequence's tokens equals it.
 */
function gmpo(
  { mask, length, advantage }: Sequence,
  logRatios: readonly number[],
  { low, high }: { low: number; high: number },
): Term[] {
  const limited = logRatios.map((value) => {
    const clipped = clip(value, -low, high);
    return advantage > 0 ? Math.min(value, clipped) : Math.max(value, clipped);
  });
  const geometricMean = Math.exp(limited.reduce((total, value, t) => total + value * mask[t]!, 0) / length);
  // Only unclipped tokens have a gradient. The aggregation divides by the sequence's length later, so the slope is not
  // divided here.
  return limited.map((value, t) => ({
    value: -advantage * geometricMean,
    token: value === logRatios[t] ? -advantage * geometricMean : 0,
    sequence: 0,
  }));
}
