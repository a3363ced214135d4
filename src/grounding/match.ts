/**
 * Decides whether the elements seen in an image ground an entity. Only whole words are compared. The first matching
 * rule wins:
 * 1. the same phrase;
 * 2. the same head, unless the words before it differ ("street light" is not "traffic light");
 * 3. a synonym or kind, in either direction ("oak" and "tree");
 * 4. text recognized in the image.
 */
import type { VisualElement } from '../core/visual-element.ts';
import type { Entity, EntityMatch } from './grounding.ts';
import { COLOURS, GENERAL_WORDS } from './lexicon/word-lists.ts';
import { firstLines } from './first-lines.ts';
import { words } from './noun-phrases.ts';
import { isKindName, isKindOf, remember, sameAs, singular, wholesOf } from './visible-nouns.ts';

export type Seen = { readonly elements: readonly VisualElement[]; readonly texts?: readonly string[] };

/** The phrase of an entity or label, prepared for the rules. */
type Thing = {
  readonly lemma: string;
  readonly head: string;
  /** All endings of the phrase, longest first: "old stone wall", "stone wall", "wall". */
  readonly names: readonly string[];
  /** The longest ending that our synonyms or kinds contain; otherwise the head. */
  readonly name: string;
  /**
   * Distinguishing words before the head ("stone", not "old"). `marksBeforeName` contains only the distinguishing words
   * before `name`.
   */
  readonly marks: readonly string[];
  readonly marksBeforeName: readonly string[];
  /** The colours of a flag in order; empty for a flag without colours and for all other things. */
  readonly flag: string;
};

export function matchEntities(
  entities: readonly Entity[],
  { elements, texts }: Seen,
  { parts }: { readonly parts: boolean },
): EntityMatch[] {
  const labels = elements.map((element) => ({ element, thing: thingOf(labelLemma(element.label)) }));
  const wanted = texts === undefined ? [] : entities.map(textOf);
  const lines = texts && firstLines(wanted.flat(), texts.map(words));
  const rules = parts ? RULES_WITH_PARTS : RULES;
  return entities.map((entity, i) => {
    const isQuoted = entity.text.startsWith('"');
    // If the texts in the image are known, a quotation must occur in them. If they are not known, any element with text
    // grounds the quotation.
    const thing = isQuoted ? thingOf('text') : thingOf(entity.lemma);
    if (!(isQuoted && lines !== undefined)) {
      for (const [matchedBy, rule] of rules) {
        const found = labels.find((label) => rule(thing, label.thing));
        if (found !== undefined) return { entity, element: found.element, matchedBy };
      }
    }
    const line = Math.min(...(wanted[i]?.map((phrase) => lines?.get(phrase) ?? Infinity) ?? []));
    if (line === Infinity) return { entity, matchedBy: 'none' };
    return { entity, element: { label: texts![line]!, share: 0 }, matchedBy: 'text' };
  });
}

type Rule = (entity: Thing, label: Thing) => boolean;

/** True if the modifiers agree: "brick building" agrees with "red brick building", but not with "glass building". */
const agree = (a: Thing, b: Thing): boolean =>
  (isWithin(a.marks, b.marks) || isWithin(b.marks, a.marks)) && !areOtherFlags(a, b);

/** True for flags of different countries: their colours differ, or are in another order. */
const areOtherFlags = (a: Thing, b: Thing): boolean => a.flag !== '' && b.flag !== '' && a.flag !== b.flag;

const isWithin = (some: readonly string[], others: readonly string[]): boolean =>
  some.every((word) => others.includes(word));

/**
 * True if `special` equals `general` or is a kind of it, and has all modifiers of `general`: a "red bus" is not a "blue
 * vehicle".
 */
function isKind(special: Thing, general: Thing): boolean {
  if (!isWithin(general.marksBeforeName, special.marks) || areOtherFlags(special, general)) return false;
  return special.names.some((name) => isKindOf(name, general.name));
}

const isPart: Rule = (entity, label) => entity.names.some((name) => wholesOf(name).has(label.name));

/** Maximum number of words in a name. Only the last words of a longer label or phrase count. */
const MAX_WORDS = 12;

/**
 * First words of compound terms that are not a kind of their head: a "licence plate" is not a "plate", which is
 * crockery.
 */
const OPAQUE: Readonly<Record<string, ReadonlySet<string>>> = {
  plate: new Set(['licence', 'license', 'number', 'registration', 'vehicle', 'car']),
};

/** If the last two words are such a compound term, joins them, so that the rules treat them as one word. */
function joinOpaque(parts: readonly string[]): string[] {
  const [first = '', head = ''] = parts.slice(-2);
  return OPAQUE[head]?.has(first) === true ? [...parts.slice(0, -2), `${first} ${head}`] : [...parts];
}

const thingOf: (lemma: string) => Thing = remember((lemma) => {
  const parts = joinOpaque(lemma.split(' ').slice(-MAX_WORDS));
  const names = parts.map((_, i) => parts.slice(i).join(' '));
  const known = names.findIndex((name) => sameAs(name).length > 1 || isKindName(name));
  const nameAt = known < 0 ? parts.length - 1 : known;
  const marks = (end: number): string[] => parts.slice(0, end).filter((word) => !GENERAL_WORDS.has(word));
  const head = parts.at(-1)!;
  const own = marks(parts.length - 1);
  return {
    lemma,
    head,
    names,
    name: names[nameAt]!,
    marks: own,
    marksBeforeName: marks(nameAt),
    flag: sameAs(head).includes('flag') ? own.filter((word) => COLOURS.has(word)).join(' ') : '',
  };
});

/** Splits a lemma into the thing and the words before it. The thing of "red double-decker bus" is "bus". */
export function splitLemma(lemma: string): { readonly thing: string; readonly attribute?: string } {
  const { name } = thingOf(lemma);
  const attribute = lemma.slice(0, -name.length).trim();
  return attribute === '' ? { thing: lemma } : { thing: name, attribute };
}

const RULES: readonly (readonly ['phrase' | 'head' | 'synonym', Rule])[] = [
  ['phrase', (entity, label) => entity.lemma === label.lemma],
  ['head', (entity, label) => entity.head === label.head && agree(entity, label)],
  ['synonym', (entity, label) => isKind(entity, label) || isKind(label, entity)],
  // "Yellow plates" in a reasoning text are usually licence plates, so the label "licence plate" grounds them.
  ['synonym', (entity, label) => label.head.endsWith(` ${entity.head}`) && agree(entity, label)],
];
const RULES_WITH_PARTS: typeof RULES = [...RULES, ['synonym', isPart]];

/**
 * Returns the lemma of a label. Models and generated worlds write labels as "Palm trees", "traffic_light" or
 * "building;edifice". If a label has several names, the first one counts.
 */
const labelLemma: (label: string) => string = remember((label) => {
  const parts = label
    .split(/[;,]/)[0]!
    .trim()
    .toLowerCase()
    .split(/[\s_]+/);
  return [...parts.slice(0, -1), singular(parts.at(-1)!)].join(' ');
});

/** Returns texts of an entity that may be written in the image: the quotation, or its capitalised words. */
function textOf({ text, lemma }: Entity): string[] {
  if (text.startsWith('"')) return [lemma];
  const names = text.match(/(?:\p{Lu}[\p{L}\p{N}'&.-]*\s*)+/gu) ?? [];
  return names.map((name) => words(name).join(' ')).filter((name) => name.length > 2);
}
