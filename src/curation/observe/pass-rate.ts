/**
 * Counts how many of the current model's answers name the photo's place correctly. The solvable gate uses this count.
 */
import { parseAnswer } from '../../core/answer-grammar.ts';
import { seedFrom } from '../../core/random.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import { MAX_COMPLETION_TOKENS } from '../../locator/generative-locator.ts';
import { locatePrompt } from '../../prompts/locate-prompt.ts';
import { addUsage, NO_USAGE } from '../../vision/cost.ts';
import type { VisionModel } from '../../vision/vision-model.ts';
import type { Instruments } from './instruments.ts';
import type { Recipe } from '../recipe/recipe.ts';

export type PassRateOptions = {
  readonly model: VisionModel;
  readonly gazetteer: Pick<Gazetteer, 'match' | 'reverse'>;
  readonly solvable: Pick<NonNullable<Recipe['gates']['solvable']>, 'samples' | 'temperature' | 'level'>;
  readonly seed: number;
};

export function createPassRate(options: PassRateOptions): NonNullable<Instruments['passRate']> {
  const { model, gazetteer, solvable, seed } = options;
  const { samples, temperature, level } = solvable;
  return async (photo, image, signal) => {
    const completions = await model.generate({
      image,
      prompt: locatePrompt(),
      samples,
      temperature,
      maxTokens: MAX_COMPLETION_TOKENS,
      seed: seedFrom(`${seed}:${photo.id}:solve`) % 2 ** 31,
      signal,
    });
    const truth = photo.place?.city === undefined ? gazetteer.reverse(photo.coordinate) : photo.place;
    const right = completions.filter(({ text }) => {
      const answer = parseAnswer(text);
      if (answer.kind !== 'place' || truth === undefined) return false;
      const match = gazetteer.match(answer.place, truth);
      return level === 'country' ? match.country : match.country && match.city;
    }).length;
    const usage = completions.reduce((sum, completion) => addUsage(sum, completion.usage ?? NO_USAGE), NO_USAGE);
    return { right, samples, usage };
  };
}
