/**
 * Converts a reasoning to a bag of words and word pairs. Their order is ignored, because the fit to the photo depends
 * on which things and places the reasoning names. A bag costs a thousandth of a decoder pass.
 */
import { LRUCache } from 'lru-cache';
import { float32, type HostArray } from '../../tensor/index.ts';

/** A feature must occur in this number of texts, because rarer features do not generalise to other texts. */
const MIN_TEXTS = 3;
/** Size of the cache, which helps because every epoch reads the same reasonings. */
const CACHED_TEXTS = 30_000;

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

function featuresOf(text: string): Set<string> {
  const words = wordsOf(text);
  return new Set([...words, ...words.slice(1).map((word, i) => `${words[i]!} ${word}`)]);
}

/** Returns the most frequent features first. Ties are in alphabetical order. */
export function featureVocabulary(texts: Iterable<string>, { limit }: { readonly limit: number }): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) for (const feature of featuresOf(text)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= MIN_TEXTS)
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([feature]) => feature);
}

/** Converts texts to unit vectors over the vocabulary. [texts, features] */
export type TextReader = (texts: readonly string[]) => HostArray;

export function textReader(vocabulary: readonly string[]): TextReader {
  const places = new Map(vocabulary.map((feature, i) => [feature, i]));
  const cache = new LRUCache<string, number[]>({ max: CACHED_TEXTS });
  const placesOf = (text: string): number[] => {
    const cached = cache.get(text);
    if (cached !== undefined) return cached;
    const found = [...featuresOf(text)].flatMap((feature) => places.get(feature) ?? []);
    cache.set(text, found);
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
