/**
 * What the embedded base model is pretrained on: the answers of fallible annotators, as they come, in the form of the
 * locate prompt. The stand-in for broad pretraining: some reason with care, some guess, many err.
 */
import { locateTarget } from '../prompts/locate-prompt.ts';
import { annotationsOf, type Annotator } from './annotations.ts';
import type { SftItem } from './sft-step.ts';
import type { TrainingExample } from './training-example.ts';

/** One caption per readable answer; answers that cannot be read are no captions, and are counted. */
export async function noisyCaptions(
  examples: readonly TrainingExample[],
  annotators: readonly Annotator[],
  options: { readonly seed: number; readonly signal: AbortSignal },
): Promise<{ captions: SftItem[]; unreadable: number }> {
  const captions: SftItem[] = [];
  let unreadable = 0;
  for (const annotator of annotators) {
    for (const example of examples) {
      const answered = await annotationsOf(example, annotator, options);
      unreadable += answered.unreadable;
      for (const { reasoning, place } of answered.annotations) {
        const [country, city] = [place?.country ?? 'Unknown', place?.city ?? 'Unknown'];
        captions.push({ image: example.image, target: locateTarget({ reasoning, country, city }) });
      }
    }
  }
  return { captions, unreadable };
}
