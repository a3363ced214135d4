/** P(yes) from a model's answer to a yes-or-no question. */
import { GlobeError } from '../core/errors.ts';
import type { Completion, TokenLogprob } from '../vision/vision-model.ts';

type Alternatives = NonNullable<TokenLogprob['top']>;

/** Longer than either word with its marks. */
const MAX_TOKEN_CHARACTERS = 20;

/** "Yes", " yes", "YES." are one word each. */
const word = (token: string): string =>
  token
    .trim()
    .slice(0, MAX_TOKEN_CHARACTERS)
    .toLowerCase()
    .replace(/[.!,]+$/u, '');

/** A probability counts as known when what is not known of it moves it by less than this. Our choice. */
const KNOWN_WITHIN = 0.01;
/** Servers that compute in half precision write log-probabilities a little above 0 for what is certain. */
const ROUNDING = 0.01;

/** The first token's alternatives, the token that was chosen among them; undefined without log-probabilities. */
function firstToken(completion: Completion): Alternatives | undefined {
  const first = completion.logprobs?.[0];
  if (first === undefined) return undefined;
  const { token, logprob, top = [] } = first;
  return top.some((other) => other.token === token) ? top : [{ token, logprob }, ...top];
}

/**
 * p(yes) / (p(yes) + p(no)), summed over the spellings of each among the first token's alternatives. Where one of the
 * two was not listed, all that is known of it is that it has no more than the rest of the mass: undefined, unless that
 * rest is too small to matter, and then the middle of what is possible. Undefined too without log-probabilities, or
 * with neither word among them. Throws `service` for log-probabilities that are none.
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
  const listed = (wanted: string): boolean => alternatives.some(({ token }) => word(token) === wanted);
  const rest = Math.max(0, 1 - all);
  if (listed('yes') && listed('no')) return yes / (yes + no);
  if (rest / (yes + no + rest) > KNOWN_WITHIN) return undefined;
  return listed('yes') ? yes / (yes + rest / 2) : rest / 2 / (no + rest / 2);
}

function probabilityOf(token: string, logprob: number): number {
  if (logprob <= ROUNDING) return Math.exp(logprob);
  throw new GlobeError({
    code: 'service',
    message: `the judge gave "${token}" a log-probability of ${logprob}, which is none`,
    hint: 'Natural logarithms of probabilities are 0 at most: check what serves the judge.',
  });
}

/** Laplace-smoothed share of yes among sampled answers that say either; undefined when none does. */
export function yesFrequency(completions: readonly Completion[]): number | undefined {
  const said = completions
    .map(({ text }) => /^\W*(yes|no)\b/iu.exec(text)?.[1]?.toLowerCase())
    .filter((w) => w !== undefined);
  if (said.length === 0) return undefined;
  return (said.filter((w) => w === 'yes').length + 1) / (said.length + 2);
}
