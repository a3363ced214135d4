/**
 * Converts a reasoning text to a bag of words and word pairs. The order of words is ignored: whether a text fits its
 * photo depends on which things and places it names. Computing a bag costs a thousandth of a decoder pass.
 */
import { LRUCache } from 'lru-cache';
import { float32, type HostArray } from '../../tensor/index.ts';

/** Minimum number of texts in which a feature must occur. Rarer features do not generalise to other texts. */
const MIN_TEXTS = 3;
/** Number of cached texts. Every epoch reads the same reasoning texts, so the cache saves parsing them again. */
const CACHED_TEXTS = 30_000;

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

function featuresOf(text: string): Set<string> {
  const words = wordsOf(text);
  return new Set([...words, ...words.slice(1).map((word, i) => `${words[i]!} ${word}`)]);
}

/**
 * Returns the `limit` most frequent features, most frequent first. Features of equal frequency are in alphabetical
 * order.
 */
export function featureVocabulary(texts: Iterable<string>, { limit }: { readonly limit: number }): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) for (const feature of featuresOf(text)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= MIN_TEXTS)
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([feature]) => feature);
}

/** Converts texts to unit vectors with one component per feature of the vocabulary. [texts, features] */
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
