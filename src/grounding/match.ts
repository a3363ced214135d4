/**
 * Whether what was seen grounds an entity. Whole words only, by these rules, first answer wins: the same phrase; the same
 * head, where the words before it do not say otherwise ("street light" is no "traffic light"); a synonym or kind, in either
 * direction ("oak" and "tree"); text that was read in the image.
 */
import type { VisualElement } from '../core/visual-element.ts';
import type { Entity, EntityMatch } from './grounding.ts';
import { COLOURS, GENERAL_WORDS } from './lexicon/word-lists.ts';
import { words } from './noun-phrases.ts';
import { isKindName, isKindOf, remember, sameAs, singular, wholesOf } from './visible-nouns.ts';

export type Seen = { readonly elements: readonly VisualElement[]; readonly texts?: readonly string[] };

/** A phrase as the rules see it. */
type Thing = {
  readonly lemma: string;
  readonly head: string;
  /** Phrase endings, longest first: "old stone wall" is a "stone wall" is a "wall". */
  readonly names: readonly string[];
  /** The longest ending that the synonyms know, else the head. */
  readonly name: string;
  /** Words before the head, and before the name, that tell one thing from another: "stone", not "old". */
  readonly marks: readonly string[];
  readonly marksBeforeName: readonly string[];
  /** Of a flag the colours, in order; else, or where none is said, empty. */
  readonly flag: string;
};

export function matchEntities(
  entities: readonly Entity[],
  { elements, texts }: Seen,
  { parts }: { readonly parts: boolean },
): EntityMatch[] {
  const labels = elements.map((element) => ({ element, thing: thingOf(labelLemma(element.label)) }));
  const lines = texts?.map((text) => ` ${words(text).join(' ')} `);
  const rules = parts ? RULES_WITH_PARTS : RULES;
  return entities.map((entity) => {
    const isQuoted = entity.text.startsWith('"');
    // Once the image was read, a quotation is judged by what was read; before, by whether anything carries text.
    const thing = isQuoted ? thingOf('text') : thingOf(entity.lemma);
    if (!(isQuoted && lines !== undefined)) {
      for (const [matchedBy, rule] of rules) {
        const found = labels.find((label) => rule(thing, label.thing));
        if (found !== undefined) return { entity, element: found.element, matchedBy };
      }
    }
    const line = lines?.findIndex((text) => textOf(entity).some((wanted) => text.includes(` ${wanted} `))) ?? -1;
    if (line < 0) return { entity, matchedBy: 'none' };
    return { entity, element: { label: texts![line]!, share: 0 }, matchedBy: 'text' };
  });
}

type Rule = (entity: Thing, label: Thing) => boolean;

/** What one says of itself the other does not contradict: "brick building" is a "red brick building", no "glass building". */
const agree = (a: Thing, b: Thing): boolean =>
  (isWithin(a.marks, b.marks) || isWithin(b.marks, a.marks)) && !areOtherFlags(a, b);

/** Two flags of the same colours in another order, or of more colours, are two countries'. */
const areOtherFlags = (a: Thing, b: Thing): boolean => a.flag !== '' && b.flag !== '' && a.flag !== b.flag;

const isWithin = (some: readonly string[], others: readonly string[]): boolean =>
  some.every((word) => others.includes(word));

/** Some name of `special` is the same as `general`, or a kind of it, and has all that marks it: a "red bus" is no "blue vehicle". */
function isKind(special: Thing, general: Thing): boolean {
  if (!isWithin(general.marksBeforeName, special.marks) || areOtherFlags(special, general)) return false;
  return special.names.some((name) => isKindOf(name, general.name));
}

const isPart: Rule = (entity, label) => entity.names.some((name) => wholesOf(name).has(label.name));

/** No thing's name has more words; of a longer label the last ones count, as of a longer phrase. */
const MAX_WORDS = 12;

const thingOf: (lemma: string) => Thing = remember((lemma) => {
  const parts = lemma.split(' ').slice(-MAX_WORDS);
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

const RULES: readonly (readonly ['phrase' | 'head' | 'synonym', Rule])[] = [
  ['phrase', (entity, label) => entity.lemma === label.lemma],
  ['head', (entity, label) => entity.head === label.head && agree(entity, label)],
  ['synonym', (entity, label) => isKind(entity, label) || isKind(label, entity)],
];
const RULES_WITH_PARTS: typeof RULES = [...RULES, ['synonym', isPart]];

/** Labels come from models and worlds: "Palm trees", "traffic_light", "building;edifice". Of several names the first counts. */
const labelLemma: (label: string) => string = remember((label) => {
  const parts = label
    .split(/[;,]/)[0]!
    .trim()
    .toLowerCase()
    .split(/[\s_]+/);
  return [...parts.slice(0, -1), singular(parts.at(-1)!)].join(' ');
});

/** What of an entity could be written in an image: the quotation, or the names and capitals in it. */
function textOf({ text, lemma }: Entity): string[] {
  if (text.startsWith('"')) return [lemma];
  const names = text.match(/(?:\p{Lu}[\p{L}\p{N}'&.-]*\s*)+/gu) ?? [];
  return names.map((name) => words(name).join(' ')).filter((name) => name.length > 2);
}
