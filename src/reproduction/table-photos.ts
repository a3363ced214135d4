/** Selects the test photos that the tables are measured on. Whole owners are drawn with a fixed seed. */
import { random, shuffled } from '../core/random.ts';

const LOT_SEED = 20_261_130;

/**
 * Draws whole owners until they have at least `count` photos. Returns these photos in the order of `photos`. The same
 * photos and count always give the same result.
 */
export function tablePhotos<T extends { readonly owner: string }>(photos: readonly T[], count: number): T[] {
  const owners = Map.groupBy(photos, ({ owner }) => owner);
  const chosen = new Set<string>();
  let left = count;
  for (const owner of shuffled([...owners.keys()].toSorted(), random(LOT_SEED))) {
    if (left <= 0) break;
    chosen.add(owner);
    left -= owners.get(owner)!.length;
  }
  return photos.filter(({ owner }) => chosen.has(owner));
}
