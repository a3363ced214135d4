/**
 * Decides about claims by the labels of a segmentation. This is the cheap fallback if no vision-language model judges
 * the claims. A label can confirm a thing, but rarely an attribute. If the segmentation has no class for a thing, the
 * claim cannot be decided. ADE20K, for example, has no class for kerbs, licence plates or hats, so a missing label says
 * nothing about them.
 */
import type { Claim, ClaimVerdict } from './claim.ts';
import type { Entity } from './grounding.ts';
import { GENERAL_WORDS } from './lexicon/word-lists.ts';
import { matchEntities, type Seen } from './match.ts';
import { words } from './noun-phrases.ts';
import { singular } from './visible-nouns.ts';

export type ElementVerdictOptions = {
  /**
   * All labels that the segmentation can give. `complete` means that the elements describe everything in the image,
   * with every attribute, as in a generated world. Without a vocabulary, the absence of a label never contradicts a
   * claim.
   */
  readonly vocabulary?: readonly string[] | 'complete';
};

/**
 * Returns a verdict for each claim, in order. A part counts as seen if its whole is seen: a building has a roof.
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
      // The label "signboard" confirms a sign, but does not confirm that the sign is Cyrillic.
      const isConfirmed = marks.every((word) => named.has(word));
      return { verdict: 'seen', by: found, ...(!isConfirmed && { onlyThing: true }) };
    }
    const other = marks.length === 0 ? undefined : matched(thing, seen, { parts: false });
    if (other !== undefined) return { verdict: 'contradicted', by: other };
    return { verdict: canName ? 'contradicted' : 'cannot tell' };
  });
}

/**
 * Searches for the claim's text as whole words, so "ROMA" does not match "ROMANA". The claim cannot be decided if the
 * texts in the image are unknown.
 */
function textVerdict({ text }: Claim, { texts }: Seen): ClaimVerdict {
  if (texts === undefined) return { verdict: 'cannot tell' };
  const wanted = ` ${words(text!).join(' ')} `;
  const line = texts.find((each) => ` ${words(each).join(' ')} `.includes(wanted));
  return line === undefined ? { verdict: 'contradicted' } : { verdict: 'seen', by: line };
}

const matched = (entity: Entity, seen: Seen, options: { readonly parts: boolean }): string | undefined =>
  matchEntities([entity], { elements: seen.elements }, options)[0]!.element?.label;

/** Words that only say how an attribute is written or meant. No label contains them. */
const FORM_WORDS: ReadonlySet<string> = new Set(
  'script letter letters lettering text writing character characters alphabet language colour color coloured style shape shaped written painted made standing'.split(
    ' ',
  ),
);

/** Returns the words of an attribute that distinguish the thing: "in Cyrillic script" → "cyrillic". */
const distinguishingWords = (attribute = ''): string[] =>
  phraseWords(attribute).filter((word) => !GENERAL_WORDS.has(word) && !FORM_WORDS.has(word));

/** Returns the lower-case words. Hyphens remain, as in labels: "white-barked birch tree". */
const phraseWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'-]*/gu) ?? [];

/** Returns the phrase as an entity whose head is singular, as the matching rules require. */
function entityOf(phrase: string): Entity {
  const parts = phraseWords(phrase);
  const head = singular(parts.at(-1) ?? '');
  return { text: phrase, lemma: [...parts.slice(0, -1), head].join(' '), head };
}
