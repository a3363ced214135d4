/** Requests annotators' answers about a training photo, parses the answers, and counts the unreadable ones. */
import { seedFrom } from '../core/random.ts';
import { parseAnnotation } from '../curation/observe/parse-annotation.ts';
import { ANNOTATE_MAX_TOKENS, ANNOTATE_PROMPT } from '../prompts/annotate-prompt.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import type { TrainingExample } from './training-example.ts';

export type Annotation = Extract<ReturnType<typeof parseAnnotation>, { readonly kind: 'annotation' }>;

export type Annotator = { readonly model: VisionModel; readonly samples: number };

/**
 * Requests one annotator's answers about a photo. The seed of the request derives from the training seed, the annotator
 * and the photo, so a repeated call gives the same answers.
 */
export async function annotationsOf(
  { id, image }: TrainingExample,
  { model, samples }: Annotator,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<{ readonly annotations: Annotation[]; readonly unreadable: number }> {
  signal.throwIfAborted();
  const answers = await model.generate({
    image,
    prompt: ANNOTATE_PROMPT,
    samples,
    temperature: 1,
    maxTokens: ANNOTATE_MAX_TOKENS,
    seed: seedFrom(`${seed}/${model.name}/${id}`),
    signal,
  });
  const annotations = answers.map(({ text }) => parseAnnotation(text)).filter(({ kind }) => kind === 'annotation');
  return { annotations: annotations as Annotation[], unreadable: answers.length - annotations.length };
}
