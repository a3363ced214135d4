/**
 * Decides about claims by the labels of a segmentation, the cheap fallback without a model that sees. A label can
 * confirm a thing; it rarely knows an attribute. A thing that the segmentation has no class for cannot be decided: no
 * class of ADE20K covers kerbs, plates of cars or hats, so their absence among the labels says nothing.
 */
import type { Claim, ClaimVerdict } from './claim.ts';
import type { Entity } from './grounding.ts';
import { GENERAL_WORDS } from './lexicon/word-lists.ts';
import { matchEntities, type Seen } from './match.ts';
import { words } from './noun-phrases.ts';
import { singular } from './visible-nouns.ts';

export type ElementVerdictOptions = {
  /**
   * Labels that the segmentation can give. `complete` means that the elements are everything in the image, with every
   * attribute, as in a generated world. Without a vocabulary, an absent thing is never contradicted.
   */
  readonly vocabulary?: readonly string[] | 'complete';
};

/**
 * Returns a verdict for each claim, in order. Parts count as seen with their whole: a building has a roof.
 *
 * @example
 * elementVerdicts([{ thing: 'tram' }], { elements: [{ label: 'tram', share: 0.1 }] }); // [{ verdict: 'seen', … }]
 */
export function elementVerdicts(
  claims: readonly Claim[],
  seen: Seen,
  { vocabulary }: ElementVerdictOptions = {},
): ClaimVerdict[] {
  const known = vocabulary === undefined || vocabulary === 'complete' ? [] : vocabulary;
  const classes = known.map((label) => ({ label, share: 0 }));
  const isNameable = (thing: Entity): boolean =>
    vocabulary === 'complete' || matched(thing, { elements: classes }, { parts: false }) !== undefined;
  return claims.map((claim): ClaimVerdict => {
    if (claim.text !== undefined) return textVerdict(claim, seen);
    const thing = entityOf(claim.thing);
    const marks = distinguishingWords(claim.attribute);
    const canName = isNameable(thing);
    // A whole confirms its part only if the segmentation has no class for the part.
    const found = matched(entityOf([...marks, claim.thing].join(' ')), seen, { parts: !canName });
    if (found !== undefined) {
      const named = new Set(phraseWords(found));
      // The label "signboard" confirms a sign, but not that it is Cyrillic.
      const isConfirmed = marks.every((word) => named.has(word));
      return { verdict: 'seen', by: found, ...(!isConfirmed && { onlyThing: true }) };
    }
    const other = marks.length === 0 ? undefined : matched(thing, seen, { parts: false });
    if (other !== undefined) return { verdict: 'contradicted', by: other };
    return { verdict: canName ? 'contradicted' : 'cannot tell' };
  });
}

/** Whole words decide, so "ROMA" is not read from "ROMANA". Without texts, nothing is known. */
function textVerdict({ text }: Claim, { texts }: Seen): ClaimVerdict {
  if (texts === undefined) return { verdict: 'cannot tell' };
  const wanted = ` ${words(text!).join(' ')} `;
  const line = texts.find((each) => ` ${words(each).join(' ')} `.includes(wanted));
  return line === undefined ? { verdict: 'contradicted' } : { verdict: 'seen', by: line };
}

const matched = (entity: Entity, seen: Seen, options: { readonly parts: boolean }): string | undefined =>
  matchEntities([entity], { elements: seen.elements }, options)[0]!.element?.label;

/** Words of an attribute that describe how it is written or meant, and that no label repeats. */
const FORM_WORDS: ReadonlySet<string> = new Set(
  'script letter letters lettering text writing character characters alphabet language colour color coloured style shape shaped written painted made standing'.split(
    ' ',
  ),
);

/** Returns the words that distinguish the thing: "in Cyrillic script" → "cyrillic". */
const distinguishingWords = (attribute = ''): string[] =>
  phraseWords(attribute).filter((word) => !GENERAL_WORDS.has(word) && !FORM_WORDS.has(word));

/** Lower-case words. Hyphens stay, as in labels: "white-barked birch tree". */
const phraseWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'-]*/gu) ?? [];

/** The phrase with a singular head, as the rules of matching expect it. */
function entityOf(phrase: string): Entity {
  const parts = phraseWords(phrase);
  const head = singular(parts.at(-1) ?? '');
  return { text: phrase, lemma: [...parts.slice(0, -1), head].join(' '), head };
}
