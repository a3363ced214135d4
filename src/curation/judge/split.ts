/**
 * Splits photos into train and test so that owners and near-duplicates are never in both, and some cities are only in
 * the test split, as in the paper. Each group of linked photos goes to one side as a whole, by its own draw, so the
 * split does not depend on the order or number of photos. A photo in a held-out city whose group is in training is left
 * out and counted.
 */
import type { Recipe } from '../recipe/recipe.ts';
import { createGroups } from './groups.ts';
import type { Groups } from './groups.ts';
import { drawOf } from '../recipe/draw.ts';

export type Side = 'train' | 'test' | 'left-out';

export type Splittable = { readonly id: string; readonly city: string; readonly owner?: string };

export type SplitOptions = {
  readonly recipe: Pick<Recipe, 'split' | 'seed'>;
  /** The number of each photo's group of near-duplicates. */
  readonly groupOf: readonly number[];
};

/** The side of each photo, in the order of `photos`. */
export function splitPhotos(photos: readonly Splittable[], { recipe, groupOf }: SplitOptions): Side[] {
  const { split, seed } = recipe;
  if (split === null) return photos.map(() => 'train');
  const groups = linkGroups(photos, groupOf);
  const heldOut = (city: string): boolean => drawOf(seed, `city:${city}`) < split.unseenCityShare;

  const members = new Map<number, number>();
  const inHeldOut = new Map<number, number>();
  for (const [index, { city }] of photos.entries()) {
    const group = groups.find(index);
    members.set(group, (members.get(group) ?? 0) + 1);
    if (heldOut(city)) inHeldOut.set(group, (inHeldOut.get(group) ?? 0) + 1);
  }
  return photos.map(({ city }, index) => {
    const group = groups.find(index);
    // The draw uses the group's owner or first photo, so it does not depend on the rest of the dataset.
    const { owner, id } = photos[group]!;
    const mostlyHeldOut = 2 * (inHeldOut.get(group) ?? 0) > members.get(group)!;
    if (mostlyHeldOut || drawOf(seed, `side:${owner ?? id}`) < split.testShare) return 'test';
    return heldOut(city) ? 'left-out' : 'train';
  });
}

/** Links photos of the same owner, and near-duplicates. */
function linkGroups(photos: readonly Splittable[], groupOf: readonly number[]): Groups {
  const groups = createGroups(photos.length);
  const firstOf = new Map<string, number>();
  for (const [index, { owner }] of photos.entries()) {
    for (const key of [`group ${groupOf[index]}`, ...(owner === undefined ? [] : [`owner ${owner}`])]) {
      const first = firstOf.get(key);
      if (first === undefined) firstOf.set(key, index);
      else groups.link(first, index);
    }
  }
  return groups;
}
