/**
 * Writes descriptions of what photos show. They consist of the evidence sentences of fallible annotators, and name no
 * place.
 */
import { random as seeded, type Random, seedFrom, shuffled } from '../../core/random.ts';
import type { Corpus } from '../../training/corpus.ts';
import { evidenceSentence } from '../annotators/evidence.ts';
import type { AnnotatorProfile } from '../annotators/profile.ts';
import type { Mention } from '../annotators/evidence.ts';
import { COUNTRY_CUES, type CueKind } from '../cues.ts';
import type { SceneTruth } from '../truth.ts';
import type { World } from '../world.ts';

export const DESCRIBE_PROMPT = 'What does this photo show?';

export type DescriptionOptions = {
  readonly world: World;
  readonly profiles: readonly AnnotatorProfile[];
  /** Number of descriptions that each annotator profile writes of each photo. */
  readonly samples: number;
};

/**
 * Maximum number of elements without a cue in a description. The first number applies if the annotator notices cues,
 * the second if it notices none.
 */
const [MAX_PLAIN, MAX_PLAIN_ALONE] = [1, 3];
/** Maximum number of random labels to try for an invention. The first label that is absent from the photo is used. */
const INVENTION_TRIES = 20;

export function descriptions({ world, profiles, samples }: DescriptionOptions): Corpus {
  return {
    name: 'descriptions',
    items: (photos, { seed }) =>
      photos.flatMap(({ id, image }) =>
        profiles.flatMap((profile) =>
          Array.from({ length: samples }, (_, sample) => {
            const random = seeded(seedFrom(`${seed}/describe/${profile.name}/${id}/${sample}`));
            return { image, prompt: DESCRIBE_PROMPT, target: describe(world.byId(id)!, { world, profile, random }) };
          }),
        ),
      ),
  };
}

type Observer = { readonly world: World; readonly profile: AnnotatorProfile; readonly random: Random };

/**
 * Describes all cues that the annotator notices. Kinds of cue that say more about the place come first. Plain things
 * and inventions follow.
 */
function describe(scene: SceneTruth, { world, profile, random }: Observer): string {
  const seen = mentionsIn(scene, { world, profile, random });
  return seen.map((mention) => evidenceSentence(mention, profile.style, random)).join(' ');
}

/** Returns what an annotator notices or invents in a photo, in the order in which descriptions mention it. */
export function mentionsIn(scene: SceneTruth, { world, profile, random }: Observer): Mention[] {
  const cues = scene.cues
    .filter(() => random.next() < profile.attention)
    .map(({ kind, element, value }) => ({ kind, element, value }));
  const telling = new Set(scene.cues.map(({ element }) => element));
  const plain = scene.elements.filter(({ label, share }) => share > 0.004 && !telling.has(label));
  const more = shuffled(plain, random).slice(0, cues.length === 0 ? MAX_PLAIN_ALONE : MAX_PLAIN);
  const invented = random.next() < profile.hallucinates ? invention(scene, world, random) : [];
  return [...inTellingOrder(cues), ...more.map(({ label }) => ({ element: label })), ...invented];
}

const TELLING_ORDER: readonly CueKind[] = ['landmark', 'transit', 'flag', 'script', 'plate', 'taxi', 'socket'];

/**
 * Sorts cues into one fixed order for all descriptions, so that the next thing to describe depends on the photo and not
 * on chance.
 */
function inTellingOrder(cues: readonly (Mention & { readonly kind: CueKind })[]): Mention[] {
  const rank = ({ kind }: { readonly kind: CueKind }): number => {
    const at = TELLING_ORDER.indexOf(kind);
    return at >= 0 ? at : TELLING_ORDER.length + COUNTRY_CUES.findIndex((other) => other === kind);
  };
  return cues.toSorted((a, b) => rank(a) - rank(b));
}

/** Returns one label of the world that the photo does not show. Empty if no draw finds such a label. */
function invention(scene: SceneTruth, { vocabulary }: World, random: Random): Mention[] {
  const shown = new Set(scene.elements.map(({ label }) => label));
  for (let attempt = 0; attempt < INVENTION_TRIES; attempt++) {
    const label = vocabulary[random.integer(vocabulary.length)]!;
    if (!shown.has(label)) return [{ element: label }];
  }
  return [];
}
