/**
 * A vision-language model that is simulated: it knows each scene of a world and errs by its profile. It recognises an
 * image by its digest, so that it stands behind the same interface, sees the same prepared image and can be swapped for
 * a real model; a photo of another world it refuses to guess about. It answers the annotation's prompt in the form that
 * this asks for, and the locating one, with and without reasoning. What it believes of a photo is fixed; its wording,
 * refusals and damaged answers vary with the seed where the temperature is above 0, so that asking again can help.
 */
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import { type Random, random as seeded, seedFrom, shuffled } from '../../core/random.ts';
import { ANNOTATE_PROMPT, annotationText } from '../../prompts/annotate-prompt.ts';
import { locatePrompt, locateTarget } from '../../prompts/locate-prompt.ts';
import type { Completion, GenerateRequest, VisionModel } from '../../vision/vision-model.ts';
import { CITY_CUES, COUNTRY_CUES, type CueKind } from '../cues.ts';
import type { SceneTruth } from '../truth.ts';
import type { World } from '../world.ts';
import { type Belief, beliefOf } from './belief.ts';
import { damaged } from './damage.ts';
import { cityText, countryText } from './place-text.ts';
import type { AnnotatorProfile } from './profile.ts';
import { type Named, writeReasoning } from './reasoning.ts';
import { elementOf } from './words.ts';

/** Throws `not-found` for an image that is not of the world, `invalid-input` for a prompt that it does not know. */
export function simulatedAnnotator(world: World, profile: AnnotatorProfile): VisionModel {
  // Nobody takes a foreign flag for a thing that stands about; flags are made up only to support a claim.
  const common = world.vocabulary.filter((label) => !label.endsWith(' flag'));
  return {
    name: profile.name,
    generate: async (request) => {
      request.signal.throwIfAborted();
      const form = formAsked(request, profile.name);
      const scene = world.sceneOf(request.image!);
      const belief = beliefOf(scene, profile);
      return Array.from({ length: request.samples }, (_, sample) =>
        complete({ form, scene, belief, profile, common, random: surface(request, { scene, profile, sample }) }),
      );
    },
  };
}

type Form = 'annotation' | 'location' | 'location without reasoning';

function formAsked({ image, prompt }: GenerateRequest, name: string): Form {
  if (image !== undefined && prompt === ANNOTATE_PROMPT) return 'annotation';
  if (image !== undefined && prompt === locatePrompt()) return 'location';
  if (image !== undefined && prompt === locatePrompt({ reasoning: false })) return 'location without reasoning';
  throw new GlobeError({
    code: 'invalid-input',
    message: `${name} is simulated: it answers the annotation and the locating prompt, with an image.`,
    hint: 'Give a real model for other questions.',
  });
}

/** Randomness of the wording; one and the same for every greedy request. */
function surface(
  { temperature, seed = 0 }: GenerateRequest,
  { scene, profile, sample }: { scene: SceneTruth; profile: AnnotatorProfile; sample: number },
): Random {
  return seeded(seedFrom(`${profile.seed}:${scene.id}:${temperature > 0 ? `${seed}:${sample}` : 'greedy'}`));
}

type Draft = {
  readonly form: Form;
  readonly scene: SceneTruth;
  readonly belief: Belief;
  readonly profile: AnnotatorProfile;
  readonly common: readonly string[];
  readonly random: Random;
};

function complete(draft: Draft): Completion {
  const { form, belief, profile, random } = draft;
  const [refuses, malforms] = [random.next() < profile.refuses, random.next() < profile.malformed];
  if (refuses) return { text: REFUSALS[random.integer(REFUSALS.length)]!, finishReason: 'stop' };
  const country = belief.country === undefined ? null : countryText(belief.country, random);
  const city = belief.city === undefined ? null : cityText(belief.city, random);
  const template = writeReasoning({ ...draft, invented: inventions(draft) });
  const reasoning = template.replaceAll('{country}', country ?? '').replaceAll('{city}', city ?? '');
  const named = { country: country ?? 'unknown', city: city ?? 'unknown' };
  if (form === 'location') return { text: locateTarget({ reasoning, ...named }), finishReason: 'stop' };
  if (form === 'location without reasoning')
    return { text: `country: ${named.country}\ncity: ${named.city}`, finishReason: 'stop' };
  const text = annotationText({ reasoning, localizable: belief.localizable ? 'yes' : 'no', country, city });
  return malforms ? damaged(text, random) : { text, finishReason: 'stop' };
}

const REFUSALS = [
  "I'm sorry, but I can't help with identifying where this photo was taken.",
  'I am unable to determine the location of this image, as it may reveal private information.',
  'Sorry, I cannot assist with that request.',
] as const;

/** Things that are not in the photo: what would support the claimed place, or what is seen elsewhere in the world. */
function inventions({ scene, belief, profile, common, random }: Draft): Named[] {
  // Where nothing supports a claimed place, something has to be made up for it.
  const needed = belief.localizable && belief.noticed.length === 0;
  if (random.next() >= profile.hallucinates && !needed) return [];
  const present = new Set(scene.elements.map(({ label }) => label));
  const count = 1 + random.integer(3);
  const supports = belief.localizable && random.next() < 0.7;
  const invented: Named[] = supports ? supporting(belief, { present, random }) : [];
  const absent = common.filter((element) => !present.has(element));
  while (invented.length < count && absent.length > 0) {
    const [element] = absent.splice(random.integer(absent.length), 1);
    if (!invented.some((named) => named.element === element)) invented.push({ element: element! });
  }
  return invented.slice(0, count);
}

/** What else photos of the claimed place would show, in random order. */
function supporting(
  { country, city }: Belief,
  { present, random }: { present: ReadonlySet<string>; random: Random },
): Named[] {
  if (country === undefined) return [];
  return shuffled<CueKind>([...COUNTRY_CUES, ...CITY_CUES], random).flatMap((kind): Named[] => {
    const element = elementOf(kind, { country, ...defined({ city }) });
    return element === undefined || present.has(element) ? [] : [{ kind, element }];
  });
}
