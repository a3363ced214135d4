/**
 * Captions for pretraining the embedded base model: unfiltered answers of fallible annotators, in the format of the
 * locate prompt. Many captions are guesses or wrong, like much of the data in ordinary pretraining.
 */
import { locateTarget } from '../prompts/locate-prompt.ts';
import { annotationsOf, type Annotator } from './annotations.ts';
import type { SftItem } from './sft-step.ts';
import type { TrainingExample } from './training-example.ts';

/** Returns one caption per readable answer, and the number of unreadable answers. */
export async function noisyCaptions(
  examples: readonly TrainingExample[],
  annotators: readonly Annotator[],
  options: { readonly seed: number; readonly signal: AbortSignal },
): Promise<{ captions: SftItem[]; unreadable: number }> {
  const captions: SftItem[] = [];
  let unreadable = 0;
  for (const annotator of annotators) {
    for (const example of examples) {
      const answers = await annotationsOf(example, annotator, options);
      unreadable += answers.unreadable;
      for (const { reasoning, place } of answers.annotations) {
        const [country, city] = [place?.country ?? 'Unknown', place?.city ?? 'Unknown'];
        captions.push({ image: example.image, target: locateTarget({ reasoning, country, city }) });
      }
    }
  }
  return { captions, unreadable };
}
