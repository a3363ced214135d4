/**
 * Writes a few examples of the task itself, in several forms: only the answer, the evidence first, or a refusal. Places
 * and evidence contain the annotators' errors.
 */
import { random as seeded, type Random, seedFrom, shuffled } from '../../core/random.ts';
import { locatePrompt, type PromptForm } from '../../prompts/locate-prompt.ts';
import { locateTarget } from '../../prompts/locate-prompt.ts';
import type { Corpus } from '../../training/corpus.ts';
import { type Belief, beliefOf } from '../annotators/belief.ts';
import { evidenceSentence } from '../annotators/evidence.ts';
import { cityText, countryText } from '../annotators/place-text.ts';
import type { AnnotatorProfile } from '../annotators/profile.ts';
import { closingSentence, nothingSentence } from '../annotators/reasoning.ts';
import type { SceneTruth } from '../truth.ts';
import type { World } from '../world.ts';
import { mentionsIn } from './descriptions.ts';

export const MANNERS = ['answer first', 'evidence first', 'declining'] as const;
export type Manner = (typeof MANNERS)[number];

export type LocatingOptions = {
  readonly world: World;
  readonly profiles: readonly AnnotatorProfile[];
  /** Share of the photos that get an example. */
  readonly share: number;
  /** Share of the examples in each form. All other examples are refusals. */
  readonly answerFirst: number;
  readonly evidenceFirst: number;
  readonly prompt: PromptForm;
};

/** Maximum number of things in a reasoning text: MIN_THINGS plus a random integer below MORE_THINGS. */
const [MIN_THINGS, MORE_THINGS] = [2, 6];

export function locating(options: LocatingOptions): Corpus {
  const { world, profiles, share, prompt } = options;
  return {
    name: 'locating',
    items: (photos, { seed }) => {
      const chosen = shuffled(photos, seeded(seedFrom(`${seed}/locating`))).slice(0, Math.round(photos.length * share));
      return chosen.flatMap(({ id, image }) =>
        profiles.map((profile) => {
          const random = seeded(seedFrom(`${seed}/locate/${profile.name}/${id}`));
          const target = example(world.byId(id)!, { ...options, profile, random });
          return { image, prompt: locatePrompt({ form: prompt }), target };
        }),
      );
    },
  };
}

type Author = Pick<LocatingOptions, 'world' | 'answerFirst' | 'evidenceFirst'> & {
  readonly profile: AnnotatorProfile;
  readonly random: Random;
};

function example(scene: SceneTruth, author: Author): string {
  const { world, profile, random, answerFirst, evidenceFirst } = author;
  const belief = beliefOf(scene, profile);
  const evidence = shuffled(mentionsIn(scene, { world, profile, random }), random)
    .slice(0, MIN_THINGS + random.integer(MORE_THINGS))
    .map((mention) => evidenceSentence(mention, profile.style, random))
    .join(' ');
  const form = random.next();
  const manner: Manner =
    form < answerFirst ? 'answer first' : form < answerFirst + evidenceFirst ? 'evidence first' : 'declining';
  if (!belief.localizable || manner === 'declining') {
    const nothing = nothingSentence(profile.style, random);
    const reasoning = manner === 'evidence first' ? `${evidence} ${nothing}` : nothing;
    return locateTarget({ reasoning, country: 'unknown', city: 'unknown' });
  }
  const { closing, country, city } = verdict(belief, profile, random);
  const place = city === 'unknown' ? country : `${city}, ${country}`;
  const reasoning = manner === 'answer first' ? `This looks like ${place}.` : `${evidence} ${closing}`;
  return locateTarget({ reasoning, country, city });
}

/** Returns the closing sentence and the two answer lines of a belief that names a country. */
function verdict(
  { country, city }: Belief,
  { style }: AnnotatorProfile,
  random: Random,
): { readonly closing: string; readonly country: string; readonly city: string } {
  const names = {
    country: countryText(country!, random),
    city: city === undefined ? 'unknown' : cityText(city, random),
  };
  const closing = closingSentence(city === undefined ? {} : { city }, style, random);
  return { ...names, closing: closing.replaceAll('{country}', names.country).replaceAll('{city}', names.city) };
}
