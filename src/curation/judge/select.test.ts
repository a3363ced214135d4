import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defined } from '../../core/defined.ts';
import { HASH_BITS, hashDistance, hashWords } from '../observe/perceptual-hash.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { select } from './select.ts';
import type { Fate, Usable } from './select.ts';

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
      passed: true,
      ...defined({ owner }),
    })),
  );

const dedupe = { maxDistance: 16, maxDistanceSameOwner: 40 };
const split = { testShare: 0.3, unseenCityShare: 0.3 };
const options = { recipe: { dedupe, split, size: null, seed: 1 }, rejected: new Set<string>() };

const kept = (fates: ReadonlyMap<string, Fate>, all: readonly Usable[]) =>
  all.flatMap((photo) => {
    const fate = fates.get(photo.id)!;
    return fate.kind === 'kept' ? [{ ...photo, split: fate.split }] : [];
  });

describe('nearDuplicates', () => {
  it('links exactly what comparing all pairs would link', () => {
    fc.assert(
      fc.property(photos, (all) => {
        const groups = nearDuplicates(all, dedupe);
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
        expect(all.map((_, i) => groups.find(i))).toEqual(all.map((_, i) => find(i)));
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
    const photo = (id: string, bits: number[], passed: boolean) => ({ id, hash: hashOf(bits), city: 'X', passed });
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
    const all: Usable[] = ['a', 'b'].map((id) => ({ id, hash: hashOf([1, 2]), city: 'X', passed: true }));
    const recipe = { ...options.recipe, split: null };
    expect(select(all, { recipe, rejected: new Set() }).get('b')).toMatchObject({ stage: 'duplicate' });
    const fates = select(all, { recipe, rejected: new Set(['a']) });
    expect(fates.get('a')).toMatchObject({ kind: 'dropped', stage: 'review' });
    expect(fates.get('b')).toEqual({ kind: 'kept', split: 'train' });
  });
});
