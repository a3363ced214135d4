/**
 * Estimators of the KL divergence between the policy and the reference policy. Source:
 * http://joschu.net/blog/kl-approx.html.
 */
import type { KlOptions } from './policy-loss-options.ts';
import type { Term } from './term.ts';

/** Returns the KL term of one token: β times the estimate, with its derivatives. */
export function klTerm({
  logprob,
  referenceLogprob,
  ratio,
  options,
}: {
  logprob: number;
  referenceLogprob: number;
  ratio: Term;
  options: KlOptions;
}): Term {
  const { coefficient, estimator = 'k3', biasCorrection = false } = options;
  const { logRatioLimit = Number.POSITIVE_INFINITY, valueLimit = Number.POSITIVE_INFINITY } = options;
  const difference = logprob - referenceLogprob;
  const limited = Math.min(Math.max(difference, -logRatioLimit), logRatioLimit);
  const inside = limited === difference ? 1 : 0;
  const k3 = Math.exp(-limited) + limited - 1;
  const estimates = {
    k1: { value: difference, slope: 1 },
    'k1+': { value: difference, slope: difference },
    abs: { value: Math.abs(difference), slope: Math.sign(difference) },
    k2: { value: difference ** 2 / 2, slope: difference },
    k3: { value: Math.min(k3, valueLimit), slope: k3 > valueLimit ? 0 : inside * (1 - Math.exp(-limited)) },
    'k3+': { value: Math.min(k3, valueLimit), slope: difference },
  } satisfies Record<NonNullable<KlOptions['estimator']>, { value: number; slope: number }>;
  const { value, slope } = estimates[estimator];
  if (!biasCorrection) return { value: coefficient * value, token: coefficient * slope, sequence: 0 };
  return {
    value: coefficient * value * ratio.value,
    token: coefficient * (slope * ratio.value + value * ratio.token),
    sequence: coefficient * value * ratio.sequence,
  };
}
