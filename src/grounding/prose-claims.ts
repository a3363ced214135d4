/**
 * Extracts claims from prose, such as the completions of a model in training. bench/extraction measures its errors.
 * Annotators also write their claims as separate evidence, which is more exact (annotation-claims.ts joins the two).
 */
import type { Claim } from './claim.ts';
import type { Entity } from './grounding.ts';
import { splitLemma } from './match.ts';
import { phrases, words } from './noun-phrases.ts';
import type { Token } from './tagger.ts';

/** Maximum length of a sentence for the verifier. Longer sentences are cut. */
const MAX_SENTENCE_CHARACTERS = 400;

/**
 * Returns one claim for each distinct entity, in order of appearance, with a sentence that names the entity. A sentence
 * that says something about the entity is preferred to a bare list.
 */
export function claimsOfProse(sentences: Iterable<readonly Token[]>): Claim[] {
  const distinct = new Map<string, Claim>();
  for (const sentence of sentences) {
    const entities = phrases(sentence);
    if (entities.length === 0) continue;
    const more = {
      sentence: written(sentence).slice(0, MAX_SENTENCE_CHARACTERS),
      ...(isList(sentence, entities) && { isListed: true as const }),
    };
    for (const entity of entities) {
      const before = distinct.get(entity.lemma);
      if (before === undefined || (before.isListed === true && more.isListed !== true)) {
        distinct.set(entity.lemma, { ...claimOf(entity), ...more });
      }
    }
  }
  return [...distinct.values()];
}

function claimOf({ text, lemma }: Entity): Claim {
  if (text.startsWith('"')) return { thing: 'text', text: text.slice(1, -1).trim() };
  return splitLemma(lemma);
}

/** Words that only join the things in a list, or say that the photo shows them. */
const JOINING: ReadonlySet<string> = new Set(
  'a an the some several many also and or with there is are was were i we can you see visible photo image picture shows show contains includes'.split(
    ' ',
  ),
);

/**
 * True for a sentence that names things but says nothing about them: "Sky, a building, trees." and "There is a tram, a
 * kiosk and a kerb."
 */
function isList(sentence: readonly Token[], entities: readonly Entity[]): boolean {
  const named = new Set(entities.flatMap(({ text }) => words(text)));
  const others = sentence.filter(({ lower, pos }) => pos !== 'PUNCT' && !JOINING.has(lower) && !named.has(lower));
  const hasVerb = sentence.some(({ pos }) => pos === 'VERB' || pos === 'AUX');
  // The tagger sometimes mistakes nouns of a list for verbs, so a few other words are allowed.
  return entities.length >= 3 ? others.length * 3 <= entities.length : others.length === 0 && !hasVerb;
}

const written = (sentence: readonly Token[]): string =>
  sentence
    .map(({ before, text }) => before + text)
    .join('')
    .trim();
