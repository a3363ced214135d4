/**
 * Splits photos into train and test. Photos of the same owner and near-duplicates form a group, and all photos of a
 * group are in the same split. Each group has its own random draw, so its split does not depend on other groups. As in
 * the paper, some cities are held out: they are only in the test split. A photo in a held-out city is left out if its
 * group is in the training split.
 */
import type { Recipe } from '../recipe/recipe.ts';
import { createGroups } from './groups.ts';
import type { Groups } from './groups.ts';
import { drawOf } from '../recipe/draw.ts';

export type Side = 'train' | 'test' | 'left-out';

export type Splittable = { readonly id: string; readonly city: string; readonly owner?: string };

export type SplitOptions = {
  readonly recipe: Pick<Recipe, 'split' | 'seed'>;
  /** For each photo, the index of its group of near-duplicates. */
  readonly groupOf: readonly number[];
};

/** Returns the split of each photo, in the order of `photos`. */
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
    // The draw uses the owner's name, or the id of the group's first photo. It therefore does not depend on other
    // groups.
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
