/** The part of the test photos that the tables are measured on: whole owners, drawn with a fixed seed. */
import { random, shuffled } from '../core/random.ts';

const LOT_SEED = 20_261_130;

/**
 * Draws whole owners until they have at least `count` photos, and returns their photos in the order given. The same
 * photos and count give the same result.
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
