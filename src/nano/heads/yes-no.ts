/**
 * A nano model as a judge: P(yes), as the reward model of the paper reads it from a language model, p_yes / (p_yes + p_no). No
 * weights of its own: it is trained like any answer, with cross-entropy on the words "yes" and "no".
 */
import type { Continuation, Datum, ModelInput, TrainingBackend } from '../training-backend.ts';

const words = { yes: 'yes', no: 'no' } as const;

/** Training examples: cross-entropy on the judgement, each example weighing the same. */
export function judgementData(
  backend: TrainingBackend,
  examples: readonly { readonly prompt: ModelInput; readonly yes: boolean }[],
): Datum[] {
  return examples.map(({ prompt, yes }) => {
    const tokens = backend.answerTokens(yes ? words.yes : words.no);
    const weight = 1 / (examples.length * tokens.length);
    return { prompt, tokens, lossInputs: { weights: tokens.map(() => weight) } };
  });
}

/** The probability of "yes" against "no" after each prompt, in [0, 1]. */
export async function yesProbabilities(
  backend: TrainingBackend,
  prompts: readonly ModelInput[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<number[]> {
  const answers = [backend.answerTokens(words.yes), backend.answerTokens(words.no)] as const;
  const continuations = prompts.flatMap((prompt) => answers.map((tokens): Continuation => ({ prompt, tokens })));
  const logprobs = (await backend.computeLogprobs(continuations, options)).map((list) =>
    list.reduce((sum, logprob) => sum + logprob, 0),
  );
  return prompts.map((_, i) => 1 / (1 + Math.exp(logprobs[2 * i + 1]! - logprobs[2 * i]!)));
}
