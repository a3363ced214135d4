/** Selects the test photos that the tables are measured on. Whole owners are drawn with a fixed seed. */
import { seedFrom } from '../core/random.ts';

const LOT_SEED = 20_261_130;

/**
 * Draws whole owners until they have at least `count` photos. Returns these photos in the order of `photos`. The same
 * photos and count always give the same result.
 */
export function tablePhotos<T extends { readonly owner: string }>(photos: readonly T[], count: number): T[] {
  const owners = Map.groupBy(photos, ({ owner }) => owner);
  const chosen = new Set<string>();
  let left = count;
  for (const owner of inLotOrder([...owners.keys()])) {
    if (left <= 0) break;
    chosen.add(owner);
    left -= owners.get(owner)!.length;
  }
  return photos.filter(({ owner }) => chosen.has(owner));
}

/** Sorts owners by a hash of their name, so that the order of two owners does not depend on the others. */
const inLotOrder = (owners: readonly string[]): string[] =>
  owners
    .map((owner) => ({ owner, rank: seedFrom(`${LOT_SEED}/${owner}`) }))
    .toSorted((a, b) => a.rank - b.rank || (a.owner < b.owner ? -1 : 1))
    .map(({ owner }) => owner);
