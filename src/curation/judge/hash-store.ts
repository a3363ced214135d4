/**
 * The perceptual hashes of many photos in one block of memory: 320 bytes a photo. As texts they would take three times
 * as much, and a merge holds the hashes of all photos at once.
 */
import { bitCount, CROP_COUNT, cropWords, HASH_BITS, hashWords } from '../observe/perceptual-hash.ts';

/** The perceptual hashes of a photo. */
export type Hashed = {
  /** The hash of the whole picture, in hexadecimal. It counts only if there are no `crops`. */
  readonly hash: string;
  /** The hashes of the whole picture and of its crops, in base64; absent in older runs. */
  readonly crops?: string;
};

/** Each photo has a slot for the whole picture, and then one for each crop. */
export const SLOTS = CROP_COUNT;
const HASH_WORDS = HASH_BITS / 32;

export type HashStore = {
  /** Number of photos. */
  readonly size: number;
  /** Number of the photo's slots that are in use: all, or only the first. */
  slots(photo: number): number;
  /** Adds the hashes of a photo, and returns its index. */
  add(hashed: Hashed): number;
  /** Gathers bits of a hash into a number; `bits` has at most 31 positions. */
  sample(slot: number, bits: readonly number[]): number;
  /** Number of bits in which the hashes in two slots differ. Slots count through all photos. */
  distance(a: number, b: number): number;
};

/** Creates a store. `capacity` is the maximum number of photos. */
export function createHashStore(capacity: number): HashStore {
  const words = new Int32Array(capacity * SLOTS * HASH_WORDS);
  const used = new Uint8Array(capacity);
  let size = 0;
  return {
    get size() {
      return size;
    },
    slots: (photo) => used[photo]!,
    add: ({ hash, crops }) => {
      const start = size * SLOTS * HASH_WORDS;
      words.set(crops === undefined ? hashWords(hash) : cropWords(crops), start);
      used[size] = crops === undefined ? 1 : SLOTS;
      return size++;
    },
    sample: (slot, bits) => {
      let value = 0;
      for (let i = 0; i < bits.length; i++) {
        const bit = bits[i]!;
        value |= ((words[slot * HASH_WORDS + (bit >> 5)]! >>> (bit & 31)) & 1) << i;
      }
      return value;
    },
    distance: (a, b) => {
      let distance = 0;
      for (let i = 0; i < HASH_WORDS; i++)
        distance += bitCount(words[a * HASH_WORDS + i]! ^ words[b * HASH_WORDS + i]!);
      return distance;
    },
  };
}
