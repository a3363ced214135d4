/**
 * Writes sentences that name a visible thing without a place. Teachers write such sentences first and name the place in
 * the closing sentence. The base model learns the same sentences as descriptions of photos and as clues of the text
 * puzzles (corpora/puzzles.ts).
 */
import type { Random } from '../../core/random.ts';
import type { EvidenceForm } from '../../prompts/annotate-prompt.ts';
import { CITY_CUES, type CueKind } from '../cues.ts';

/** An element that the text mentions, whether or not the photo shows it. */
export type Mention = { readonly kind?: CueKind; readonly element: string; readonly value?: string };

export type Style = 'careful' | 'bold';

const SEEN: Readonly<Record<Style, readonly string[]>> = {
  careful: ['I see {e}.', 'I notice {e}.', 'I can make out {e}.'],
  bold: ['There is {e}.', 'I see {e}.', 'Note {e}.'],
};

/**
 * An oncoming car shows the driving side. The label of this element does not name the side, so the sentence states it.
 */
const SIDE: Readonly<Record<Style, string>> = {
  careful: '{E} suggests that people drive on the {v}.',
  bold: '{E} shows that people drive on the {v}.',
};

/** Labels that take "the" instead of "a", because they are uncountable or fill the picture. */
const MASS = /\b(?:sky|road|pavement|grass|fog|food|land|water|sea|ground|floor|ceiling|vegetation)$/;

/** An element with its article: "a gold clock tower", "the sky". */
export function withArticle(element: string): string {
  const article = MASS.test(element) ? 'the' : /^[aeiou]/.test(element) ? 'an' : 'a';
  return `${article} ${element}`;
}

export const capitalised = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

/** One sentence about a thing: "I see a gold clock tower." */
export function evidenceSentence({ kind, element, value }: Mention, style: Style, random: Random): string {
  const named = withArticle(element);
  if (kind === 'driving side' && value !== undefined) {
    return SIDE[style].replace('{E}', capitalised(named)).replace('{v}', value);
  }
  const templates = SEEN[style];
  return templates[random.integer(templates.length)]!.replace('{e}', named);
}

/** Converts a mention to an entry of the evidence. A thing that shows no cue supports no place. */
export function evidenceEntry(
  { kind, element }: Mention,
  { country, city }: { readonly country: string | null; readonly city: string | null },
): EvidenceForm {
  const words = element.split(' ');
  const attribute = words.slice(0, -1).join(' ');
  const isOfCity = kind !== undefined && (CITY_CUES as readonly CueKind[]).includes(kind);
  return {
    thing: words.at(-1)!,
    attribute: attribute === '' ? null : attribute,
    text: null,
    supports: kind === undefined ? null : isOfCity ? city : country,
  };
}
