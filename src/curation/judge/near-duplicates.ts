/**
 * Finds near-duplicates by their hashes without comparing all pairs. A hash of 256 bits is divided into 16 chunks of 16
 * bits. If two hashes differ in at most t bits, at least one of their chunks differs in at most ⌊t/16⌋ bits. A photo is
 * therefore compared only with photos that have such a chunk. A chunk takes every 16th bit, because neighbouring bits,
 * such as those of a flat sky, are equal in many photos. Photos of the same owner have a larger maximum distance, and
 * are all compared with each other.
 */
import { createGroups } from './groups.ts';
import type { Groups } from './groups.ts';
import { HASH_BITS, hashWords } from '../observe/perceptual-hash.ts';

export type Hashed = { readonly hash: string; readonly owner?: string };

export type NearDuplicateOptions = { readonly maxDistance: number; readonly maxDistanceSameOwner: number };

/**
 * An index of near-duplicates to which photos are added one by one, so that a run can look up a photo before it asks
 * the annotators.
 */
export type NearDuplicateIndex = {
  /**
   * Adds a photo. Returns the indices of the earlier photos of which it is a near-duplicate. The first photo has index
   * 0.
   */
  add(photo: Hashed): number[];
};

const CHUNKS = 16;
const CHUNK_BITS = HASH_BITS / CHUNKS;
const CHUNK_VALUES = 2 ** CHUNK_BITS;
const WORDS = HASH_BITS / 32;
const NONE = -1;

/** Groups near-duplicates. Items of the groups are indices into `photos`. */
export function nearDuplicates(photos: readonly Hashed[], options: NearDuplicateOptions): Groups {
  const groups = createGroups(photos.length);
  const index = createNearDuplicateIndex(options);
  for (const [i, photo] of photos.entries()) for (const j of index.add(photo)) groups.link(i, j);
  return groups;
}

export function createNearDuplicateIndex({
  maxDistance,
  maxDistanceSameOwner,
}: NearDuplicateOptions): NearDuplicateIndex {
  const probes = masksWithin(Math.floor(maxDistance / CHUNKS));
  // For each chunk and each value of the chunk, a linked list of the photos with this value. `newest` has the newest
  // photo of each list; the store has the photo before each photo.
  const newest = Array.from({ length: CHUNKS }, () => new Int32Array(CHUNK_VALUES).fill(NONE));
  const byOwner = new Map<string, number[]>();
  let store = createStore(1024);
  let count = 0;

  const differs = (a: number, b: number): number => {
    let distance = 0;
    for (let i = 0; i < WORDS; i++) distance += bitCount(store.words[a * WORDS + i]! ^ store.words[b * WORDS + i]!);
    return distance;
  };

  return {
    add: ({ hash, owner }) => {
      if (count === store.capacity) store = grown(store);
      const index = count++;
      store.words.set(hashWords(hash), index * WORDS);
      const near = new Set<number>();
      for (let chunk = 0; chunk < CHUNKS; chunk++) {
        const value = chunkOf(store.words, { index, chunk });
        const before = store.before[chunk]!;
        for (const probe of probes) {
          for (let other = newest[chunk]![value ^ probe]!; other !== NONE; other = before[other]!) {
            if (differs(index, other) <= maxDistance) near.add(other);
          }
        }
        before[index] = newest[chunk]![value]!;
        newest[chunk]![value] = index;
      }
      if (owner !== undefined) {
        const own = byOwner.get(owner) ?? [];
        for (const other of own) if (differs(index, other) <= maxDistanceSameOwner) near.add(other);
        own.push(index);
        byOwner.set(owner, own);
      }
      return [...near];
    },
  };
}

type Store = { readonly capacity: number; readonly words: Int32Array; readonly before: readonly Int32Array[] };

const createStore = (capacity: number): Store => ({
  capacity,
  words: new Int32Array(capacity * WORDS),
  before: Array.from({ length: CHUNKS }, () => new Int32Array(capacity)),
});

function grown(store: Store): Store {
  const larger = createStore(store.capacity * 2);
  larger.words.set(store.words);
  for (const [chunk, before] of store.before.entries()) larger.before[chunk]!.set(before);
  return larger;
}

/** Gathers every 16th bit of a hash, starting at bit `chunk`. */
function chunkOf(words: Int32Array, { index, chunk }: { index: number; chunk: number }): number {
  let value = 0;
  for (let i = 0; i < CHUNK_BITS; i++) {
    const bit = chunk + i * CHUNKS;
    value |= ((words[index * WORDS + (bit >> 5)]! >>> (bit & 31)) & 1) << i;
  }
  return value;
}

/** Returns all 16-bit masks in which at most `radius` bits are 1. */
function masksWithin(radius: number): number[] {
  let masks = [0];
  for (let bits = 0; bits < radius; bits++) {
    masks = [
      ...new Set(masks.flatMap((mask) => [mask, ...Array.from({ length: CHUNK_BITS }, (_, i) => mask | (1 << i))])),
    ];
  }
  return masks;
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
