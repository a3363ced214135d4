/**
 * Extracts claims from the prose of texts that bring no evidence of their own, such as the completions of a model in
 * training. Its errors are measured in bench/extraction; annotators are asked for evidence instead.
 */
import type { Claim } from './claim.ts';
import type { Entity } from './grounding.ts';
import { splitLemma } from './match.ts';
import { phrases, words } from './noun-phrases.ts';
import type { Token } from './tagger.ts';

/** A longer sentence is cut for the verifier, because only the words around the thing matter. */
const MAX_SENTENCE_CHARACTERS = 400;

/** Returns one claim for each distinct entity, in order of appearance, with the first sentence that names it. */
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

/** Words that only join the things of a list, or say that they are there. */
const JOINING: ReadonlySet<string> = new Set(
  'a an the some several many also and or with there is are was were i we can you see visible photo image picture shows show contains includes'.split(
    ' ',
  ),
);

/**
 * True for "Sky, a building, trees." and "There is a tram, a kiosk and a kerb.": the sentence names things, and says
 * nothing about them.
 */
function isList(sentence: readonly Token[], entities: readonly Entity[]): boolean {
  const named = new Set(entities.flatMap(({ text }) => words(text)));
  const others = sentence.filter(({ lower, pos }) => pos !== 'PUNCT' && !JOINING.has(lower) && !named.has(lower));
  const hasVerb = sentence.some(({ pos }) => pos === 'VERB' || pos === 'AUX');
  // The tagger takes some nouns of a list for verbs, so a list may hold a few other words.
  return entities.length >= 3 ? others.length * 3 <= entities.length : others.length === 0 && !hasVerb;
}

const written = (sentence: readonly Token[]): string =>
  sentence
    .map(({ before, text }) => before + text)
    .join('')
    .trim();
