/**
 * A reasoning as a bag of words and neighbouring pairs of words. The order beyond that is given up: what a reasoning
 * names, of which place, decides whether it rests on the photo, and a bag costs a thousandth of a decoder's pass.
 */
import { LRUCache } from 'lru-cache';
import { float32, type HostArray } from '../../tensor/index.ts';

/** In fewer texts than this a feature says nothing about others. */
const MIN_TEXTS = 3;
/** Training reads the same reasonings epoch after epoch. */
const REMEMBERED_TEXTS = 30_000;

export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

function featuresOf(text: string): Set<string> {
  const words = wordsOf(text);
  return new Set([...words, ...words.slice(1).map((word, i) => `${words[i]!} ${word}`)]);
}

/** The features of most texts first; ties by spelling. */
export function featureVocabulary(texts: Iterable<string>, { most }: { readonly most: number }): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) for (const feature of featuresOf(text)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= MIN_TEXTS)
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([feature]) => feature);
}

/** Texts to rows of unit length over the vocabulary. [texts, features] */
export type TextReader = (texts: readonly string[]) => HostArray;

export function textReader(vocabulary: readonly string[]): TextReader {
  const places = new Map(vocabulary.map((feature, i) => [feature, i]));
  const remembered = new LRUCache<string, number[]>({ max: REMEMBERED_TEXTS });
  const placesOf = (text: string): number[] => {
    const before = remembered.get(text);
    if (before !== undefined) return before;
    const found = [...featuresOf(text)].flatMap((feature) => places.get(feature) ?? []);
    remembered.set(text, found);
    return found;
  };
  return (texts) => {
    const rows = new Float32Array(texts.length * vocabulary.length);
    for (const [row, text] of texts.entries()) {
      const known = placesOf(text);
      for (const place of known) rows[row * vocabulary.length + place] = 1 / Math.sqrt(known.length);
    }
    return float32([texts.length, vocabulary.length], rows);
  };
}
