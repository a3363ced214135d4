/**
 * Finds near-duplicates among hashes without comparing all pairs. The bits are divided into n = t + 1 bands. Two hashes
 * within distance t have at least one equal band, so only hashes with an equal band are compared. A band takes every
 * n-th bit, because neighbouring bits, such as those of a flat sky, are equal in many photos. Photos of one owner are
 * compared under a wider threshold.
 */
import { createGroups } from './groups.ts';
import type { Groups } from './groups.ts';
import { HASH_BITS, hashDistance, hashWords } from '../observe/perceptual-hash.ts';

export type Hashed = { readonly hash: string; readonly owner?: string };

export type NearDuplicateOptions = { readonly maxDistance: number; readonly maxDistanceSameOwner: number };

/** Groups near-duplicates, by index into `photos`. */
export function nearDuplicates(photos: readonly Hashed[], options: NearDuplicateOptions): Groups {
  const groups = createGroups(photos.length);
  const words = photos.map(({ hash }) => hashWords(hash));
  const linkWithin = (indices: readonly number[], maxDistance: number): void => {
    for (let i = 0; i < indices.length; i++) {
      for (let j = i + 1; j < indices.length; j++) {
        const [a, b] = [indices[i]!, indices[j]!];
        if (groups.find(a) !== groups.find(b) && hashDistance(words[a]!, words[b]!) <= maxDistance) groups.link(a, b);
      }
    }
  };
  const bands = options.maxDistance + 1;
  for (let band = 0; band < bands; band++) {
    for (const bucket of buckets(words, (hash) => everyNthBit(hash, { from: band, step: bands }))) {
      linkWithin(bucket, options.maxDistance);
    }
  }
  for (const bucket of buckets(photos, ({ owner }) => owner)) linkWithin(bucket, options.maxDistanceSameOwner);
  return groups;
}

/** Groups the indices of items with the same key. Leaves out keys that occur only once. */
function buckets<T>(items: readonly T[], keyOf: (item: T) => string | undefined): number[][] {
  const byKey = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const bucket = byKey.get(key);
    if (bucket === undefined) byKey.set(key, [index]);
    else bucket.push(index);
  }
  return [...byKey.values()].filter(({ length }) => length > 1);
}

function everyNthBit(words: Int32Array, { from, step }: { from: number; step: number }): string {
  let bits = '';
  for (let bit = from; bit < HASH_BITS; bit += step) bits += (words[bit >> 5]! >>> (bit & 31)) & 1;
  return bits;
}
