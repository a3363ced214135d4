/**
 * Finds near-duplicates among hashes without comparing all pairs. Two photos are compared if two of their hashes, of
 * which at least one is of a whole picture, agree in one of 64 fixed samples of 18 bits. Hashes that differ in 32 of 256 bits
 * agree in some sample with a probability of 99.8 %, in 40 bits with 95 %. The samples are the same in every run, so
 * that whether two photos are near-duplicates depends on these two photos alone. Photos of one owner are all compared.
 */
import { random, shuffled } from '../../core/random.ts';
import { HASH_BITS } from '../observe/perceptual-hash.ts';
import { createGroups } from './groups.ts';
import type { Groups } from './groups.ts';
import { createHashStore, SLOTS } from './hash-store.ts';
import type { Hashed, HashStore } from './hash-store.ts';

export type NearDuplicateOptions = {
  /** Two photos are near-duplicates if at most this many of 256 bits differ. */
  readonly maxDistance: number;
  /** The same limit for two photos of one owner; null for `maxDistance`. */
  readonly maxDistanceSameOwner: number | null;
};

/**
 * An index of near-duplicates to which photos are added one by one, so that a run can look up a photo before it asks
 * the annotators.
 */
export type NearDuplicateIndex = {
  /**
   * Adds a photo, and returns the indices of earlier photos that it nearly repeats. Indices count from 0. To save
   * memory, it compares the photo and its crops with the whole earlier pictures, not with their crops. `nearDuplicates`
   * finds all that it finds, and more.
   */
  add(photo: Hashed & { readonly owner?: string }): number[];
};

const SAMPLES = 64;
const SAMPLE_BITS = 18;
const SAMPLE_VALUES = 2 ** SAMPLE_BITS;
const NONE = -1;

/** The bits of each sample. The seeds are part of the definition of a near-duplicate. */
const BITS: readonly (readonly number[])[] = Array.from({ length: SAMPLES }, (_, sample) =>
  shuffled(
    Array.from({ length: HASH_BITS }, (_, bit) => bit),
    random(sample + 1),
  ).slice(0, SAMPLE_BITS),
);

/** Groups the photos of the store. `owners` has the owner of each photo, if it is known. */
export function nearDuplicates(
  hashes: HashStore,
  owners: readonly (string | undefined)[],
  { maxDistance, maxDistanceSameOwner }: NearDuplicateOptions,
): Groups {
  const groups = createGroups(hashes.size);
  const link = (whole: number, other: number): void => {
    const [a, b] = [photoOf(whole), photoOf(other)];
    if (groups.find(a) !== groups.find(b) && hashes.distance(whole, other) <= maxDistance) groups.link(a, b);
  };
  const bucketsOf = hashes.size * SLOTS < SAMPLE_VALUES ? fewBuckets(hashes) : manyBuckets(hashes);
  for (const bits of BITS) {
    for (const bucket of bucketsOf(bits)) {
      for (const whole of bucket) {
        if (!isWhole(whole)) continue;
        for (const other of bucket) {
          // Two whole pictures are compared once.
          if (other !== whole && !(isWhole(other) && other < whole)) link(whole, other);
        }
      }
    }
  }
  const limit = maxDistanceSameOwner ?? maxDistance;
  for (const own of byOwner(owners)) {
    for (const [i, a] of own.entries()) {
      for (let j = i + 1; j < own.length; j++) {
        const b = own[j]!;
        if (groups.find(a) !== groups.find(b) && nearest(hashes, a, b) <= limit) groups.link(a, b);
      }
    }
  }
  return groups;
}

const isWhole = (slot: number): boolean => slot % SLOTS === 0;
const photoOf = (slot: number): number => Math.floor(slot / SLOTS);

/** The smallest distance of two photos: between the wholes, or the whole of one and a crop of the other. */
function nearest(hashes: HashStore, a: number, b: number): number {
  let least = hashes.distance(a * SLOTS, b * SLOTS);
  for (let slot = 1; slot < hashes.slots(b); slot++) {
    least = Math.min(least, hashes.distance(a * SLOTS, b * SLOTS + slot));
  }
  for (let slot = 1; slot < hashes.slots(a); slot++) {
    least = Math.min(least, hashes.distance(b * SLOTS, a * SLOTS + slot));
  }
  return least;
}

/** Returns groups of slots with the same value in a sample of bits. A slot without such a partner is in no group. */
type BucketsOf = (bits: readonly number[]) => Iterable<Iterable<number>>;

function* slotsOf(hashes: HashStore): Generator<number> {
  for (let photo = 0; photo < hashes.size; photo++) {
    for (let slot = photo * SLOTS; slot < photo * SLOTS + hashes.slots(photo); slot++) yield slot;
  }
}

function fewBuckets(hashes: HashStore): BucketsOf {
  return (bits) => {
    const buckets = new Map<number, number[]>();
    for (const slot of slotsOf(hashes)) {
      const value = hashes.sample(slot, bits);
      const bucket = buckets.get(value);
      if (bucket === undefined) buckets.set(value, [slot]);
      else bucket.push(slot);
    }
    return [...buckets.values()].filter(({ length }) => length > 1);
  };
}

/**
 * Sorts the slots by their values, by counting. Plain loops and arrays that are used again for each sample, because a
 * merge has millions of slots.
 */
function manyBuckets(hashes: HashStore): BucketsOf {
  const values = new Int32Array(hashes.size * SLOTS);
  const sorted = new Int32Array(hashes.size * SLOTS);
  const ends = new Int32Array(SAMPLE_VALUES + 1);
  const next = new Int32Array(SAMPLE_VALUES);
  return function* buckets(bits) {
    values.fill(NONE);
    ends.fill(0);
    for (let photo = 0; photo < hashes.size; photo++) {
      const end = photo * SLOTS + hashes.slots(photo);
      for (let slot = photo * SLOTS; slot < end; slot++) {
        const value = hashes.sample(slot, bits);
        values[slot] = value;
        ends[value + 1]! += 1;
      }
    }
    for (let value = 0; value < SAMPLE_VALUES; value++) ends[value + 1]! += ends[value]!;
    next.set(ends.subarray(0, SAMPLE_VALUES));
    for (let slot = 0; slot < values.length; slot++) {
      const value = values[slot]!;
      if (value !== NONE) sorted[next[value]!++] = slot;
    }
    for (let value = 0; value < SAMPLE_VALUES; value++) {
      const [start, end] = [ends[value]!, ends[value + 1]!];
      if (end - start > 1) yield sorted.subarray(start, end);
    }
  };
}

function byOwner(owners: readonly (string | undefined)[]): Iterable<number[]> {
  const photos = new Map<string, number[]>();
  for (const [i, owner] of owners.entries()) {
    if (owner === undefined) continue;
    const own = photos.get(owner);
    if (own === undefined) photos.set(owner, [i]);
    else own.push(i);
  }
  return photos.values();
}

/** `capacity` is the maximum number of photos. */
export function createNearDuplicateIndex(
  capacity: number,
  { maxDistance, maxDistanceSameOwner }: NearDuplicateOptions,
): NearDuplicateIndex {
  const ownerLimit = maxDistanceSameOwner ?? maxDistance;
  const hashes = createHashStore(capacity);
  const photosOf = new Map<string, number[]>();
  // For each sample, a linked list of the photos with each value: the newest photo, and the one before each photo.
  const newest = BITS.map(() => new Map<number, number>());
  const before = BITS.map(() => new Int32Array(capacity));
  return {
    add: ({ owner, ...hashed }) => {
      const index = hashes.add(hashed);
      const slots = Array.from({ length: hashes.slots(index) }, (_, slot) => index * SLOTS + slot);
      const near = new Set<number>();
      for (const [sample, bits] of BITS.entries()) {
        for (const slot of slots) {
          const value = hashes.sample(slot, bits);
          for (let other = newest[sample]!.get(value) ?? NONE; other !== NONE; other = before[sample]![other]!) {
            if (!near.has(other) && hashes.distance(slot, other * SLOTS) <= maxDistance) near.add(other);
          }
        }
        const value = hashes.sample(index * SLOTS, bits);
        before[sample]![index] = newest[sample]!.get(value) ?? NONE;
        newest[sample]!.set(value, index);
      }
      if (owner !== undefined) {
        const own = photosOf.get(owner) ?? [];
        for (const other of own) if (nearest(hashes, index, other) <= ownerLimit) near.add(other);
        own.push(index);
        photosOf.set(owner, own);
      }
      return [...near];
    },
  };
}
