/**
 * What the embedded base model is pretrained on: the answers of fallible annotators, as they come, in the form of the
 * locate prompt. The stand-in for broad pretraining: some reason with care, some guess, many err.
 */
import { parseAnnotation } from '../curation/parse-annotation.ts';
import { seedFrom } from '../core/random.ts';
import { ANNOTATE_MAX_TOKENS, ANNOTATE_PROMPT } from '../prompts/annotate-prompt.ts';
import { locateTarget } from '../prompts/locate-prompt.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import type { SftItem } from './sft-step.ts';
import type { TrainingExample } from './training-example.ts';

/** One caption per readable answer; answers that cannot be read are no captions, and are counted. */
export async function noisyCaptions(
  examples: readonly TrainingExample[],
  annotators: readonly { readonly model: VisionModel; readonly samples: number }[],
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<{ captions: SftItem[]; unreadable: number }> {
  const captions: SftItem[] = [];
  let unreadable = 0;
  for (const { model, samples } of annotators) {
    for (const example of examples) {
      signal.throwIfAborted();
      const answers = await model.generate({
        image: example.image,
        prompt: ANNOTATE_PROMPT,
        samples,
        temperature: 1,
        maxTokens: ANNOTATE_MAX_TOKENS,
        seed: seedFrom(`${seed}/${model.name}/${example.id}`),
        signal,
      });
      for (const { text } of answers) {
        const annotation = parseAnnotation(text);
        if (annotation.kind !== 'annotation') {
          unreadable += 1;
          continue;
        }
        const { reasoning, place } = annotation;
        const [country, city] = [place?.country ?? 'Unknown', place?.city ?? 'Unknown'];
        captions.push({ image: example.image, target: locateTarget({ reasoning, country, city }) });
      }
    }
  }
  return { captions, unreadable };
}
