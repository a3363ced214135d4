/** P(yes) from a model's answer to a yes-or-no question. */
import type { Completion, TokenLogprob } from '../vision/vision-model.ts';

type Alternatives = NonNullable<TokenLogprob['top']>;

/** "Yes", " yes", "YES." are one word each. */
const word = (token: string): string =>
  token
    .trim()
    .toLowerCase()
    .replace(/[.!,]+$/u, '');

/** The alternatives of the first token; undefined where the server gave no log-probabilities. */
function firstToken(completion: Completion): Alternatives | undefined {
  const first = completion.logprobs?.[0];
  if (first === undefined) return undefined;
  return first.top !== undefined && first.top.length > 0 ? first.top : [first];
}

/**
 * p(yes) / (p(yes) + p(no)), summed over the spellings of each among the first token's alternatives; undefined when
 * there are no log-probabilities, or neither word is among them.
 */
export function yesProbability(completion: Completion): number | undefined {
  const alternatives = firstToken(completion);
  if (alternatives === undefined) return undefined;
  const mass = (wanted: string): number =>
    alternatives.reduce((sum, { token, logprob }) => sum + (word(token) === wanted ? Math.exp(logprob) : 0), 0);
  const [yes, no] = [mass('yes'), mass('no')];
  return yes + no > 0 ? yes / (yes + no) : undefined;
}

/** Laplace-smoothed share of yes among sampled answers that say either; undefined when none does. */
export function yesFrequency(completions: readonly Completion[]): number | undefined {
  const said = completions
    .map(({ text }) => /^\W*(yes|no)\b/iu.exec(text)?.[1]?.toLowerCase())
    .filter((w) => w !== undefined);
  if (said.length === 0) return undefined;
  return (said.filter((w) => w === 'yes').length + 1) / (said.length + 2);
}
