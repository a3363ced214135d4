/** Computes P(yes) from a model's answer to a yes-or-no question. */
import { GlobeError } from '../core/errors.ts';
import type { Completion, TokenLogprob } from './vision-model.ts';

type Alternatives = NonNullable<TokenLogprob['top']>;

/** Reads at most this many characters of a token, enough for "yes" or "no" with punctuation. */
const MAX_TOKEN_CHARACTERS = 20;

/** Maps "Yes", " yes" and "YES." to "yes". */
const word = (token: string): string =>
  token
    .trim()
    .slice(0, MAX_TOKEN_CHARACTERS)
    .toLowerCase()
    .replace(/[.!,]+$/u, '');

/** The probability is known if the unlisted tokens can change it by at most this amount. The value is our choice. */
const KNOWN_WITHIN = 0.01;
/** Servers that compute in half precision can return log-probabilities slightly above 0. */
const ROUNDING = 0.01;

/** Returns the alternatives of the first token, including the chosen one; undefined without log-probabilities. */
function firstToken(completion: Completion): Alternatives | undefined {
  const first = completion.logprobs?.[0];
  if (first === undefined) return undefined;
  const { token, logprob, top = [] } = first;
  return top.some((other) => other.token === token) ? top : [{ token, logprob }, ...top];
}

/**
 * Returns p(yes) / (p(yes) + p(no)). Each term sums the spellings of its word among the first token's alternatives.
 *
 * If only one of the words is listed, the other has at most the probability of all unlisted tokens together. The result
 * is then the middle of the possible values, or undefined if the possible values differ too much. The result is also
 * undefined if neither word is listed, or if there are no log-probabilities.
 *
 * Throws `service` for an invalid log-probability.
 */
export function yesProbability(completion: Completion): number | undefined {
  const alternatives = firstToken(completion);
  if (alternatives === undefined) return undefined;
  let [yes, no, all] = [0, 0, 0];
  for (const { token, logprob } of alternatives) {
    const probability = probabilityOf(token, logprob);
    all += probability;
    if (word(token) === 'yes') yes += probability;
    if (word(token) === 'no') no += probability;
  }
  if (yes + no === 0) return undefined;
  const listed = (answer: string): boolean => alternatives.some(({ token }) => word(token) === answer);
  const rest = Math.max(0, 1 - all);
  if (listed('yes') && listed('no')) return yes / (yes + no);
  if (rest / (yes + no + rest) > KNOWN_WITHIN) return undefined;
  return listed('yes') ? yes / (yes + rest / 2) : rest / 2 / (no + rest / 2);
}

function probabilityOf(token: string, logprob: number): number {
  if (logprob <= ROUNDING) return Math.exp(logprob);
  throw new GlobeError({
    code: 'service',
    message: `the judge returned an invalid log-probability of ${logprob} for "${token}"`,
    hint: 'Log-probabilities are natural logarithms and at most 0: check the server of the judge.',
  });
}

/**
 * Returns the Laplace-smoothed share of yes among the answers that start with yes or no; undefined if there are none.
 */
export function yesFrequency(completions: readonly Completion[]): number | undefined {
  const answers = completions
    .map(({ text }) => /^\W*(yes|no)\b/iu.exec(text)?.[1]?.toLowerCase())
    .filter((w) => w !== undefined);
  if (answers.length === 0) return undefined;
  return (answers.filter((w) => w === 'yes').length + 1) / (answers.length + 2);
}
