/** Writes a reasoning text: sentences about cues and the place that they suggest, in a careful or a bold style. */
import { type Random, shuffled } from '../../core/random.ts';
import type { CueKind } from '../cues.ts';
import type { SceneCue, SceneTruth } from '../truth.ts';
import type { Belief } from './belief.ts';
import { capitalised, evidenceSentence, type Mention, withArticle } from './evidence.ts';
import type { AnnotatorProfile } from './profile.ts';

type Phrases = Readonly<Record<'careful' | 'bold', readonly string[]>>;

/** Placeholders: {e} is the element with its article, {E} the same capitalised, {c} the country, {t} the city. */
const SENTENCES: Readonly<Record<CueKind, Phrases>> = {
  flag: {
    careful: ['{E} is flying in the scene, which fits {c}.', 'I can make out {e}, consistent with the colours of {c}.'],
    bold: ['{E} gives it away: this is {c}.', 'There is {e}, clearly the one of {c}.'],
  },
  plate: {
    careful: ['I notice {e}, a format found in {c}.', '{E} would be usual in {c}.'],
    bold: ['{E} is typical of {c}.', 'Note {e}, exactly what is issued in {c}.'],
  },
  script: {
    careful: ['{E} suggests the language of {c}.', 'The language of {e} points towards {c}.'],
    bold: ['{E} leaves little doubt about {c}.', 'With {e} in that language, this has to be {c}.'],
  },
  'driving side': {
    careful: [
      '{E} keeps to the side that is usual in {c}.',
      'Judging by {e}, people drive on the same side as in {c}.',
    ],
    bold: ['{E} is on the side that is usual in {c}.'],
  },
  'centre line': {
    careful: ['There is {e}, as is usual in {c}.', '{E} is consistent with practice in {c}.'],
    bold: ['{E} is how they do it in {c}.'],
  },
  'edge line': {
    careful: ['I can see {e}, which also occurs in {c}.'],
    bold: ['{E} matches {c}.'],
  },
  'warning sign': {
    careful: ['{E} follows the design used in {c}.', 'There is {e}, a shape used in {c} among others.'],
    bold: ['{E} is the standard in {c}.'],
  },
  'direction sign': {
    careful: ['{E} resembles those used in {c}.'],
    bold: ['{E} is exactly like the ones in {c}.'],
  },
  wall: {
    careful: ['I see {e}, a style known from {c}.', '{E} would not be out of place in {c}.'],
    bold: ['{E} is the classic architecture of {c}.'],
  },
  roof: {
    careful: ['{E} is common in {c}.', 'There is {e}, as often in {c}.'],
    bold: ['{E} is typical of {c}.'],
  },
  vegetation: {
    careful: ['{E} fits the climate of {c}.', '{E} is plausible for the climate of {c}.'],
    bold: ['{E} grows all over {c}.'],
  },
  biome: {
    careful: ['A {n} agrees with what is known of {c}.'],
    bold: ['A {n} like this is pure {c}.'],
  },
  socket: {
    careful: ['{E} is of the type installed in {c}.'],
    bold: ['{E} is what you find everywhere in {c}.'],
  },
  taxi: {
    careful: ['{E} is coloured as is usual in {c}.'],
    bold: ['{E} like this drives in {c}.'],
  },
  landmark: {
    careful: [
      'In the background stands {e}, which resembles the one in {t}.',
      '{E} rises over the scene, and I associate it with {t}.',
    ],
    bold: ['{E} is the famous landmark of {t}.', 'Nobody could miss {e}: that is {t}.'],
  },
  transit: {
    careful: ['{E} matches what is known of public transport in {t}.'],
    bold: ['{E} runs in {t}.'],
  },
};

const PLAIN: Phrases = {
  careful: ['The photo also shows {e}.', 'I also see {e}, which says little about the place.'],
  bold: ['There is {e} as well.', 'We also see {e}.'],
};
const SUPPORT: Phrases = {
  careful: ['There also seems to be {e}, which would support {c}.'],
  bold: ['{E} confirms {c}.', 'Together with {e}, this can only be {c}.'],
};
const CLOSING = {
  city: {
    careful: ['Taken together, the most likely place is {t} in {c}.', 'On balance I would place it in {t}, {c}.'],
    bold: ['So this is {t}, {c}.', 'The answer is {t}, {c}.'],
  },
  country: {
    careful: [
      'Taken together this points to {c}, but nothing tells the city.',
      'I would settle for {c}; the city remains open.',
    ],
    bold: ['So it must be somewhere in {c}.', 'That makes it {c}.'],
  },
} as const;
const NOTHING: Phrases = {
  careful: [
    'None of this is specific to a region, and nothing legible or famous is in view.',
    'Such things are found almost anywhere, and nothing narrows it down.',
  ],
  bold: ['That could be anywhere.', 'Nothing here tells the place.'],
};
const OPENING: Phrases = {
  careful: ['The image shows an {s} scene.', 'Looking at this {s} photograph, several details can be compared.'],
  bold: ['An {s} scene.', 'Easy enough to see what this is.'],
};

/** A reasoning text and the things that it mentions, in the order of its sentences. */
export type WrittenReasoning = { readonly text: string; readonly mentions: readonly Mention[] };

/** Writes three to seven sentences that mention only elements of the scene, noticed cues and `invented` elements. */
export function writeReasoning(options: {
  scene: SceneTruth;
  belief: Belief;
  invented: readonly Mention[];
  profile: AnnotatorProfile;
  random: Random;
}): WrittenReasoning {
  const { scene, belief, invented, profile, random } = options;
  const { style } = profile;
  const names = { c: belief.country === undefined ? 'that country' : '{country}', t: '{city}', s: scene.setting };
  const say = (phrases: Phrases, thing?: Mention): string => fill(pick(phrases[style], random), { ...names, thing });
  const opening = random.next() < 0.5 ? [say(OPENING)] : [];
  const plain = shuffled(plainElements(scene), random).slice(0, belief.localizable ? 1 : 3);
  if (!belief.localizable) {
    const mentions = [...plain.map((element) => ({ element })), ...invented];
    const body = mentions.map((thing) => say(PLAIN, thing));
    return { text: [...opening, ...body, nothingSentence(style, random)].join(' '), mentions };
  }
  const cues = chosenCues(belief, random);
  const about = (thing: Mention): string => {
    if (profile.places === 'closing') return evidenceSentence(thing, style, random);
    return say(thing.kind === undefined ? SUPPORT : SENTENCES[thing.kind], thing);
  };
  const body = [...cues, ...invented].map((thing) => ({ thing, sentence: about(thing) }));
  const extra =
    random.next() < 0.5 || body.length === 0
      ? plain.map((element) => ({ thing: { element }, sentence: say(PLAIN, { element }) }))
      : [];
  const closing = closingSentence(belief, style, random);
  const written = shuffled<{ readonly thing: Mention; readonly sentence: string }>([...body, ...extra], random);
  return {
    text: [...opening, ...written.map(({ sentence }) => sentence), closing].join(' '),
    mentions: written.map(({ thing }) => thing),
  };
}

/** Returns the sentence that names the place. The caller replaces {country} and {city}. */
export function closingSentence(
  { city }: Pick<Belief, 'city'>,
  style: AnnotatorProfile['style'],
  random: Random,
): string {
  const template = pick((city === undefined ? CLOSING.country : CLOSING.city)[style], random);
  return template.replace('{c}', '{country}').replace('{t}', '{city}');
}

/** Returns the sentence of an annotator that finds no evidence of a place. */
export const nothingSentence = (style: AnnotatorProfile['style'], random: Random): string =>
  pick(NOTHING[style], random);

/** Picks the noticed cues that say the most about the place. Leaves out city cues if the annotator names no city. */
function chosenCues({ noticed, city }: Belief, random: Random): SceneCue[] {
  const telling = noticed.filter(({ kind }) => city !== undefined || (kind !== 'landmark' && kind !== 'transit'));
  const order: readonly CueKind[] = ['landmark', 'flag', 'transit', 'script', 'plate', 'taxi', 'socket'];
  const rank = ({ kind }: SceneCue): number =>
    order.includes(kind) ? order.indexOf(kind) : order.length + random.next();
  return [...telling]
    .map((cue) => ({ cue, at: rank(cue) }))
    .sort((a, b) => a.at - b.at)
    .slice(0, 2 + random.integer(3))
    .map(({ cue }) => cue);
}

/** Returns the labels of the elements that show no cue but are large enough to mention. */
function plainElements({ elements, cues }: SceneTruth): string[] {
  const telling = new Set(cues.map(({ element }) => element));
  return elements.filter(({ label, share }) => share > 0.004 && !telling.has(label)).map(({ label }) => label);
}

const pick = <T>(items: readonly T[], random: Random): T => items[random.integer(items.length)]!;

function fill(
  template: string,
  { c, t, s, thing }: { c: string; t: string; s: string; thing?: Mention | undefined },
): string {
  const element = thing?.element ?? '';
  const named = element === '' ? '' : withArticle(element);
  return template
    .replace('{e}', named)
    .replace('{E}', named === '' ? '' : capitalised(named))
    .replace('{n}', element)
    .replace('an {s}', s === 'natural' ? 'a natural' : `an ${s}`)
    .replace('An {s}', s === 'natural' ? 'A natural' : `An ${s}`)
    .replace('{s}', s)
    .replaceAll('{c}', c)
    .replaceAll('{t}', t);
}
