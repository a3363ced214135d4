/**
 * Whether what was seen grounds an entity. Whole words only, by these rules, first answer wins: the same phrase; the
 * same head, where neither a colour nor a noun that qualifies it says otherwise ("street light" is no "traffic
 * light"); a synonym or kind, in either direction ("oak" and "tree"); text that was read in the image.
 */
import type { VisualElement } from '../core/visual-element.ts';
import type { Entity, EntityMatch } from './grounding.ts';
import { coloursOf, words } from './noun-phrases.ts';
import { generalsOf, isQualifier, sameAs, singular, wholesOf } from './visible-nouns.ts';

export type Seen = { readonly elements: readonly VisualElement[]; readonly texts?: readonly string[] };

/** A phrase as the rules see it. */
type Thing = {
  readonly lemma: string;
  readonly head: string;
  /** Phrase endings, longest first: "old stone wall" is a "stone wall" is a "wall". */
  readonly names: readonly string[];
  readonly colours: readonly string[];
  /** Nouns before the head: they tell one kind from another. */
  readonly qualifiers: readonly string[];
};

export function matchEntities(
  entities: readonly Entity[],
  { elements, texts }: Seen,
  { parts }: { readonly parts: boolean },
): EntityMatch[] {
  const labels = elements.map((element) => ({ element, thing: thingOf(labelLemma(element.label)) }));
  const lines = texts?.map((text) => ` ${words(text).join(' ')} `);
  return entities.map((entity) => {
    const isQuoted = entity.text.startsWith('"');
    // Once the image was read, a quotation is judged by what was read; before, by whether anything carries text.
    const thing = isQuoted ? thingOf('text') : thingOf(entity.lemma);
    if (!(isQuoted && lines !== undefined)) {
      for (const [matchedBy, rule] of rules(parts)) {
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

const rules = (parts: boolean): readonly (readonly ['phrase' | 'head' | 'synonym', Rule])[] => [
  ['phrase', (entity, label) => entity.lemma === label.lemma],
  ['head', (entity, label) => entity.head === label.head && agree(entity, label)],
  ['synonym', (entity, label) => isKind(entity, label) || isKind(label, entity)],
  ...(parts ? [['synonym', isPart] as const] : []),
];

/** Colours do not contradict, and the qualifying nouns of one are among those of the other. */
function agree(a: Thing, b: Thing): boolean {
  const within = (some: readonly string[], others: readonly string[]) => some.every((word) => others.includes(word));
  return coloursAgree(a, b) && (within(a.qualifiers, b.qualifiers) || within(b.qualifiers, a.qualifiers));
}

const coloursAgree = (a: Thing, b: Thing): boolean =>
  a.colours.length === 0 || b.colours.length === 0 || a.colours.some((colour) => b.colours.includes(colour));

/** Some name of `special` is a kind of, or the same as, the whole of `general` less its adjectives. */
function isKind(special: Thing, general: Thing): boolean {
  if (!coloursAgree(special, general)) return false;
  const wanted = sameAs(bareName(general));
  return special.names.some((name) => wanted.some((word) => generalsOf(name).has(word)));
}

const isPart: Rule = (entity, label) => entity.names.some((name) => wholesOf(name).has(bareName(label)));

/** The longest ending of the phrase that the synonyms know, else its nouns. */
const bareName = ({ names, qualifiers, head }: Thing): string =>
  names.find((name) => name.includes(' ') && sameAs(name).length > 1) ?? [...qualifiers, head].join(' ');

function thingOf(lemma: string): Thing {
  const parts = lemma.split(' ');
  const before = parts.slice(0, -1);
  return {
    lemma,
    head: parts.at(-1)!,
    names: parts.map((_, i) => parts.slice(i).join(' ')),
    colours: coloursOf(before),
    qualifiers: before.filter((word) => coloursOf([word]).length === 0 && isQualifier(singular(word))),
  };
}

/** Labels come from models and worlds: "Palm trees", "traffic_light", "building;edifice". The first name counts. */
function labelLemma(label: string): string {
  const parts = label
    .split(/[;,]/)[0]!
    .trim()
    .toLowerCase()
    .split(/[\s_]+/);
  return [...parts.slice(0, -1), singular(parts.at(-1)!)].join(' ');
}

/** What of an entity could be written in an image: the quotation, or the names and capitals in it. */
function textOf({ text, lemma }: Entity): string[] {
  if (text.startsWith('"')) return [lemma];
  const names = text.match(/(?:\p{Lu}[\p{L}\p{N}'&.-]*\s*)+/gu) ?? [];
  return names.map((name) => words(name).join(' ')).filter((name) => name.length > 2);
}
