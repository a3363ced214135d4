/**
 * A simulated vision-language model. It knows the truth about each scene of a world, and makes the errors of its
 * profile. It takes the same input as a real model, so it can replace one. It recognises an image by its digest, and
 * rejects images of other worlds. It answers the annotation prompt, and the locate prompt with or without reasoning.
 * Its belief about a photo is fixed. At temperatures above 0, its wording, its refusals and the damage to its answers
 * vary with the seed.
 */
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import { type Random, random as seeded, seedFrom, shuffled } from '../../core/random.ts';
import { ANNOTATE_PROMPT, annotationText } from '../../prompts/annotate-prompt.ts';
import { locatePrompt, locateTarget } from '../../prompts/locate-prompt.ts';
import { imageTokens } from '../../vision/image-tokens.ts';
import type { Completion, GenerateRequest, Usage, VisionModel } from '../../vision/vision-model.ts';
import { CITY_CUES, COUNTRY_CUES, type CueKind } from '../cues.ts';
import type { SceneTruth } from '../truth.ts';
import type { World } from '../world.ts';
import { type Belief, beliefOf } from './belief.ts';
import { damaged } from './damage.ts';
import { cityText, countryText } from './place-text.ts';
import type { AnnotatorProfile } from './profile.ts';
import { evidenceEntry, type Mention } from './evidence.ts';
import { writeReasoning } from './reasoning.ts';
import { elementOf } from './words.ts';

/**
 * Creates the model. Its `generate` throws `not-found` for an image that is not from this world, and `invalid-input`
 * for an unknown prompt.
 */
export function simulatedAnnotator(world: World, profile: AnnotatorProfile): VisionModel {
  // Real models rarely imagine unrelated flags. An invented flag must therefore support the claimed place.
  const common = world.vocabulary.filter((label) => !label.endsWith(' flag'));
  return {
    name: profile.name,
    generate: async (request) => {
      request.signal.throwIfAborted();
      const form = requestedForm(request, profile.name);
      const scene = world.sceneOf(request.image!);
      const belief = beliefOf(scene, profile);
      return Array.from({ length: request.samples }, (_, sample) => {
        const random = surface(request, { scene, profile, sample });
        const completion = complete({ form, scene, belief, profile, common, random });
        return { ...completion, usage: usageOf(request, { completion, isFirst: sample === 0 }) };
      });
    },
  };
}

/** Number of characters per simulated token. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Counts tokens as a server would. Only the first sample of a request counts the tokens of the prompt, because all
 * samples share it.
 */
function usageOf(
  { prompt, image }: GenerateRequest,
  { completion, isFirst }: { completion: Completion; isFirst: boolean },
): Usage {
  const tokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);
  return {
    promptTokens: isFirst ? tokens(prompt) + imageTokens('miniature', image!) : 0,
    completionTokens: tokens(completion.text),
  };
}

type Form = 'annotation' | 'location' | 'location without reasoning';

function requestedForm({ image, prompt }: GenerateRequest, name: string): Form {
  if (image !== undefined && prompt === ANNOTATE_PROMPT) return 'annotation';
  if (image !== undefined && prompt === locatePrompt()) return 'location';
  if (image !== undefined && prompt === locatePrompt({ reasoning: false })) return 'location without reasoning';
  throw new GlobeError({
    code: 'invalid-input',
    message: `${name} is simulated. It answers only the annotation and locate prompts, with an image.`,
    hint: 'Use a real model for other questions.',
  });
}

/** Returns the random numbers for the wording. At temperature 0, they are the same in every request. */
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
  const { text: template, mentions } = writeReasoning({ ...draft, invented: inventions(draft) });
  const reasoning = template.replaceAll('{country}', country ?? '').replaceAll('{city}', city ?? '');
  const place = { country: country ?? 'unknown', city: city ?? 'unknown' };
  if (form === 'location') return { text: locateTarget({ reasoning, ...place }), finishReason: 'stop' };
  if (form === 'location without reasoning')
    return { text: `country: ${place.country}\ncity: ${place.city}`, finishReason: 'stop' };
  const evidence = mentions.map((mention) => evidenceEntry(mention, { country, city }));
  const text = annotationText({ evidence, reasoning, localizable: belief.localizable ? 'yes' : 'no', country, city });
  return malforms ? damaged(text, random) : { text, finishReason: 'stop' };
}

const REFUSALS = [
  "I'm sorry, but I can't help with identifying where this photo was taken.",
  'I am unable to determine the location of this image, as it may reveal private information.',
  'Sorry, I cannot assist with that request.',
] as const;

/** Invents elements that are not in the photo. They fit the claimed place or come from any scene of the world. */
function inventions({ scene, belief, profile, common, random }: Draft): Mention[] {
  // An annotator that names a place but noticed no cue must invent one.
  const needed = belief.localizable && belief.noticed.length === 0;
  if (random.next() >= profile.hallucinates && !needed) return [];
  const present = new Set(scene.elements.map(({ label }) => label));
  const count = 1 + random.integer(3);
  const supports = belief.localizable && random.next() < 0.7;
  const invented: Mention[] = supports ? supporting(belief, { present, random }) : [];
  const absent = common.filter((element) => !present.has(element));
  while (invented.length < count && absent.length > 0) {
    const [element] = absent.splice(random.integer(absent.length), 1);
    if (!invented.some((thing) => thing.element === element)) invented.push({ element: element! });
  }
  return invented.slice(0, count);
}

/** Returns elements that are typical of the claimed place but absent from this photo, in random order. */
function supporting(
  { country, city }: Belief,
  { present, random }: { present: ReadonlySet<string>; random: Random },
): Mention[] {
  if (country === undefined) return [];
  return shuffled<CueKind>([...COUNTRY_CUES, ...CITY_CUES], random).flatMap((kind): Mention[] => {
    const element = elementOf(kind, { country, ...defined({ city }) });
    return element === undefined || present.has(element) ? [] : [{ kind, element }];
  });
}
