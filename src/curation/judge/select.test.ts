import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defined } from '../../core/defined.ts';
import { HASH_BITS, hashDistance, hashWords } from '../observe/perceptual-hash.ts';
import { random, shuffled } from '../../core/random.ts';
import { createHashStore } from './hash-store.ts';
import type { Hashed } from './hash-store.ts';
import { createNearDuplicateIndex, nearDuplicates as groupsOf } from './near-duplicates.ts';
import type { NearDuplicateOptions } from './near-duplicates.ts';
import { select as selectFrom } from './select.ts';
import type { Fate, SelectOptions, Usable as UsablePhoto } from './select.ts';

type Usable = UsablePhoto & Hashed;

function storeOf(photos: readonly Hashed[]) {
  const store = createHashStore(photos.length);
  for (const photo of photos) store.add(photo);
  return store;
}

const nearDuplicates = (photos: readonly (Hashed & { owner?: string })[], options: NearDuplicateOptions) =>
  groupsOf(
    storeOf(photos),
    photos.map(({ owner }) => owner),
    options,
  );

const select = (photos: readonly Usable[], options: Omit<SelectOptions, 'hashes'>) =>
  selectFrom(photos, { ...options, hashes: storeOf(photos) });

/** Returns a hash in which only these bits are 1. */
function hashOf(bits: readonly number[]): string {
  const bytes = new Uint8Array(HASH_BITS / 8);
  for (const bit of bits) bytes[bit >> 3]! |= 1 << (bit & 7);
  return Buffer.from(bytes).toString('hex');
}

const hash = fc.uniqueArray(fc.integer({ min: 0, max: HASH_BITS - 1 }), { maxLength: 40 }).map(hashOf);
const owner = fc.option(fc.constantFrom('ann', 'bo', 'cy', 'di', 'ed'), { nil: undefined });
const photos = fc
  .array(fc.record({ hash, owner, city: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F') }), { maxLength: 60 })
  .map((records): Usable[] =>
    records.map(({ owner, ...rest }, i) => ({
      ...rest,
      id: String(i).padStart(3, '0'),
      country: 'X',
      passed: true,
      ...defined({ owner }),
    })),
  );

const dedupe = { maxDistance: 16, maxDistanceSameOwner: 40 };
const split = { testShare: 0.3, unseenCityShare: 0.3 };
const caps = { city: null, country: null, owner: null };
const options = { recipe: { dedupe, caps, split, size: null, seed: 1 }, rejected: new Set<string>() };

const kept = (fates: ReadonlyMap<string, Fate>, all: readonly Usable[]) =>
  all.flatMap((photo) => {
    const fate = fates.get(photo.id)!;
    return fate.kind === 'kept' ? [{ ...photo, split: fate.split }] : [];
  });

describe('nearDuplicates', () => {
  /** The groups of all pairs within the limits, by the smallest index. */
  const allPairs = (all: readonly Usable[]): ((i: number) => number) => {
    const words = all.map((photo) => hashWords(photo.hash));
    const linked = all.map((_, i) => i);
    const find = (i: number): number => (linked[i] === i ? i : find(linked[i]!));
    for (const [i, a] of all.entries()) {
      for (const [j, b] of all.entries()) {
        const limit = a.owner !== undefined && a.owner === b.owner ? 40 : 16;
        if (hashDistance(words[i]!, words[j]!) > limit) continue;
        const [first, second] = [find(i), find(j)];
        linked[Math.max(first, second)] = Math.min(first, second);
      }
    }
    return find;
  };

  it('links only what comparing all pairs would link', () => {
    fc.assert(
      fc.property(photos, (all) => {
        const groups = nearDuplicates(all, dedupe);
        const find = allPairs(all);
        for (const [i] of all.entries()) expect(find(groups.find(i))).toBe(find(i));
      }),
    );
  });

  it('links exactly what comparing all pairs would link, among the photos of one owner', () => {
    fc.assert(
      fc.property(photos, (all) => {
        const own = all.map((photo) => ({ ...photo, owner: 'ann' }));
        const [groups, find] = [nearDuplicates(own, dedupe), allPairs(own)];
        expect(own.map((_, i) => groups.find(i))).toEqual(own.map((_, i) => find(i)));
      }),
    );
  });

  it('finds nearly all pairs within 40 bits without comparing all', () => {
    const generator = random(3);
    const pairs = 400;
    const recall = (distance: number): number => {
      let found = 0;
      for (let pair = 0; pair < pairs; pair++) {
        const first = Array.from({ length: HASH_BITS }, (_, bit) => bit).filter(() => generator.next() < 0.5);
        const changed = new Set(
          shuffled(
            Array.from({ length: HASH_BITS }, (_, bit) => bit),
            generator,
          ).slice(0, distance),
        );
        const bits = new Set(first);
        const second = Array.from({ length: HASH_BITS }, (_, bit) => bit).filter(
          (bit) => bits.has(bit) !== changed.has(bit),
        );
        const photo = (list: readonly number[]) => ({ hash: hashOf(list) });
        const groups = nearDuplicates([photo(first), photo(second)], { maxDistance: 40, maxDistanceSameOwner: null });
        if (groups.find(1) === 0) found += 1;
      }
      return found / pairs;
    };
    expect(recall(20)).toBe(1);
    expect(recall(32)).toBeGreaterThan(0.98);
    expect(recall(40)).toBeGreaterThan(0.9);
    expect(recall(41)).toBe(0);
  });

  it('finds all that the growing index finds', () => {
    fc.assert(
      fc.property(photos, (all) => {
        const groups = nearDuplicates(all, dedupe);
        const index = createNearDuplicateIndex(all.length, dedupe);
        for (const [i, photo] of all.entries()) {
          for (const j of index.add(photo)) expect(groups.find(j)).toBe(groups.find(i));
        }
      }),
    );
  });
});

describe('select', () => {
  it('gives every photo exactly one fate', () => {
    fc.assert(
      fc.property(photos, (all) => {
        expect([...select(all, options).keys()].sort()).toEqual(all.map(({ id }) => id));
      }),
    );
  });

  it('never puts one owner or near-duplicates into both splits', () => {
    fc.assert(
      fc.property(photos, fc.boolean(), (all, keepsDuplicates) => {
        const recipe = { ...options.recipe, dedupe: keepsDuplicates ? null : dedupe };
        const rows = kept(select(all, { ...options, recipe }), all);
        const train = rows.filter((row) => row.split === 'train');
        const test = rows.filter((row) => row.split === 'test');
        const owners = new Set(train.flatMap(({ owner }) => owner ?? []));
        expect(test.filter(({ owner }) => owner !== undefined && owners.has(owner))).toEqual([]);
        for (const a of train) {
          for (const b of test) {
            expect(hashDistance(hashWords(a.hash), hashWords(b.hash))).toBeGreaterThan(dedupe.maxDistance);
          }
        }
      }),
    );
  });

  it('drops a photo after an earlier one of its group that passed, whatever its own gates found', () => {
    const photo = (id: string, bits: number[], passed: boolean) => ({
      id,
      hash: hashOf(bits),
      city: 'X',
      country: 'X',
      passed,
    });
    const recipe = { ...options.recipe, split: null };
    const fatesOf = (passed: readonly boolean[]) => {
      // The second photo links the first and the third, which are 20 bits apart.
      const bits = [[], Array.from({ length: 10 }, (_, i) => i), Array.from({ length: 20 }, (_, i) => i)];
      const all = bits.map((one, i) => photo(`photo-${i}`, one, passed[i]!));
      const fates = select(all, { ...options, recipe });
      return all.map(({ id }) => {
        const fate = fates.get(id);
        return fate?.kind === 'dropped' ? fate.reason : fate?.kind;
      });
    };
    const duplicate = 'near-duplicate of photo-0';
    expect(fatesOf([true, true, true])).toEqual(['kept', duplicate, duplicate]);
    expect(fatesOf([true, false, true])).toEqual(['kept', duplicate, duplicate]);
    expect(fatesOf([false, true, true])).toEqual([undefined, 'kept', 'near-duplicate of photo-1']);
    expect(fatesOf([false, false, true])).toEqual([undefined, undefined, 'kept']);
  });

  it('holds out the same cities for the test, whatever else is in the dataset', () => {
    const all = Array.from({ length: 400 }, (_, i): Usable => ({
      id: String(i).padStart(3, '0'),
      hash: hashOf([i % 256, (i * 7) % 256, (i * 31) % 256]),
      city: `city ${i % 40}`,
      country: 'X',
      passed: true,
    }));
    const recipe = { ...options.recipe, dedupe: { maxDistance: 0, maxDistanceSameOwner: 0 } };
    const rows = kept(select(all, { ...options, recipe }), all);
    const citiesOf = (side: string): Set<string> =>
      new Set(rows.flatMap((row) => (row.split === side ? [row.city] : [])));
    const unseen = new Set([...citiesOf('test')].filter((city) => !citiesOf('train').has(city)));
    expect(unseen.size).toBeGreaterThan(4);
    const half = all.filter((_, i) => i % 2 === 0);
    const halfRows = kept(select(half, { ...options, recipe }), half);
    expect(halfRows.filter(({ city, split }) => unseen.has(city) && split === 'train')).toEqual([]);
  });

  it('keeps at most the cap of each city, country and owner, and as many as the caps allow', () => {
    const limit = fc.option(fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(photos, fc.record({ city: limit, country: limit, owner: limit }), (all, limits) => {
        const recipe = { ...options.recipe, split: null, dedupe: null, caps: limits };
        const fates = select(all, { ...options, recipe });
        const rows = kept(fates, all);
        const fullest = (key: 'city' | 'country' | 'owner', of: readonly Usable[]): number => {
          const counts = new Map<string, number>();
          for (const row of of) if (row[key] !== undefined) counts.set(row[key], (counts.get(row[key]) ?? 0) + 1);
          return Math.max(0, ...counts.values());
        };
        for (const key of ['city', 'country', 'owner'] as const) {
          expect(fullest(key, rows)).toBeLessThanOrEqual(limits[key] ?? Infinity);
        }
        // Every dropped photo would break a cap if it were added.
        for (const photo of all.filter(({ id }) => fates.get(id)?.kind === 'dropped')) {
          const over = (['city', 'country', 'owner'] as const).some(
            (key) =>
              photo[key] !== undefined &&
              rows.filter((row) => row[key] === photo[key]).length >= (limits[key] ?? Infinity),
          );
          expect(over).toBe(true);
        }
      }),
    );
  });

  it('draws a subset for a smaller size, and never more than the size', () => {
    fc.assert(
      fc.property(photos, fc.integer({ min: 1, max: 30 }), (all, size) => {
        const sized = (limit: number) =>
          kept(select(all, { ...options, recipe: { ...options.recipe, split: null, size: limit } }), all).map(
            ({ id }) => id,
          );
        const [smaller, larger] = [sized(size), sized(size + 5)];
        expect(smaller.length).toBeLessThanOrEqual(size);
        expect(larger).toEqual(expect.arrayContaining(smaller));
      }),
    );
  });

  it('drops a photo that a reviewer rejected, and then keeps its near-duplicate', () => {
    const all: Usable[] = ['a', 'b'].map((id) => ({ id, hash: hashOf([1, 2]), city: 'X', country: 'X', passed: true }));
    const recipe = { ...options.recipe, split: null };
    expect(select(all, { recipe, rejected: new Set() }).get('b')).toMatchObject({ stage: 'duplicate' });
    const fates = select(all, { recipe, rejected: new Set(['a']) });
    expect(fates.get('a')).toMatchObject({ kind: 'dropped', stage: 'review' });
    expect(fates.get('b')).toEqual({ kind: 'kept', split: 'train' });
  });
});
