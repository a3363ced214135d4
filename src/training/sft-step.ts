/** One step of supervised fine-tuning. The loss is the mean negative log-likelihood of the target tokens. */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import type { Datum, TrainingBackend } from './backends/training-backend.ts';
import { locateTarget } from '../prompts/locate-prompt.ts';
import type { SftMetrics } from './step-metrics.ts';
import type { TrainingExample } from './training-example.ts';

/** A text that the model learns to write (`target`), with its prompt and optional photo. */
export type SftItem = {
  /** The photo that the text is about, if any. */
  readonly image?: PreparedImage;
  /** Prompt of this item. The default is the prompt of the step. */
  readonly prompt?: string;
  readonly target: string;
};

export type SftStepOptions = {
  readonly backend: TrainingBackend;
  readonly prompt: string;
  readonly learningRate: number;
  readonly signal: AbortSignal;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
};

/**
 * Returns the paper's target, `<think>{reasoning}</think><answer>country: {c}\ncity: {t}</answer>`. If `withReasoning`
 * is false, the target has only the lines of country and city. Throws a RangeError if `withReasoning` is true and the
 * example has no reasoning text.
 */
export function supervisedTarget(
  { id, reasoning, truth, annotatedPlace }: TrainingExample,
  { withReasoning, target }: { readonly withReasoning: boolean; readonly target: 'truth' | 'annotator' },
): string {
  if (target === 'annotator' && annotatedPlace === undefined) {
    throw invalidInput(
      `Photo ${id} does not record the country that its annotator named.`,
      'Use target: truth, or a dataset whose annotations name a country.',
    );
  }
  const { country, city = 'Unknown' } = target === 'truth' ? truth : annotatedPlace!;
  if (!withReasoning) return `country: ${country}\ncity: ${city}`;
  if (reasoning === undefined) throw new RangeError(`Example ${id} has no reasoning for supervised fine-tuning.`);
  return locateTarget({ reasoning, country, city });
}

/**
 * Takes one optimizer step on a batch. The loss is averaged over all tokens of the batch, so long items count more.
 */
export async function sftStep(
  items: readonly SftItem[],
  { backend, prompt, learningRate, signal, now }: SftStepOptions,
): Promise<SftMetrics> {
  const start = now();
  const answers = items.map(({ target }) => backend.answerTokens(target));
  const tokens = answers.reduce((sum, answer) => sum + answer.length, 0);
  const data = items.map(({ image, prompt: own = prompt }, i): Datum => ({
    prompt: { ...defined({ image }), tokens: backend.promptTokens({ prompt: own, image: image !== undefined }) },
    tokens: answers[i]!,
    lossInputs: { weights: answers[i]!.map(() => 1 / tokens) },
  }));
  const { loss } = await backend.forwardBackward(data, { name: 'cross_entropy' }, { signal });
  const { gradientNorm } = await backend.optimStep({ learningRate }, { signal });
  return { loss, gradientNorm, tokens, times: { updateMs: now() - start } };
}
