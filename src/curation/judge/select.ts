/**
 * The steps that need all photos at once: reviewers' decisions, near-duplicates, the dataset's size and the split. A
 * pure function maps the photos that passed their gates to their fates.
 */
import { nearDuplicates } from './near-duplicates.ts';
import { recipeSchema } from '../recipe/recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { drawOf } from '../recipe/draw.ts';
import { splitPhotos } from './split.ts';

/** A photo that passed its gates. */
export type Passed = {
  readonly id: string;
  readonly hash: string;
  readonly city: string;
  readonly owner?: string;
};

export const SELECTION_STAGES = ['review', 'duplicate', 'size', 'split'] as const;
export type SelectionStage = (typeof SELECTION_STAGES)[number];

export type Fate =
  | { readonly kind: 'kept'; readonly split: 'train' | 'test' }
  | { readonly kind: 'dropped'; readonly stage: SelectionStage; readonly reason: string };

export type SelectOptions = {
  readonly recipe: Pick<Recipe, 'dedupe' | 'size' | 'split' | 'seed'>;
  /** Ids that a reviewer rejected. */
  readonly rejected: ReadonlySet<string>;
};

/**
 * These thresholds find near-duplicates if the recipe keeps them all. Near-duplicates must still be in the same split.
 */
const DEFAULT_DEDUPE = recipeSchema.shape.dedupe.parse({})!;

/** Returns the fate of each photo. The photos must be sorted by id. */
export function select(photos: readonly Passed[], { recipe, rejected }: SelectOptions): Map<string, Fate> {
  const fates = new Map<string, Fate>();
  const drop = (photo: Passed, stage: SelectionStage, reason: string): void => {
    fates.set(photo.id, { kind: 'dropped', stage, reason });
  };
  const accepted = photos.filter((photo) => {
    if (rejected.has(photo.id)) drop(photo, 'review', 'rejected by a reviewer');
    return !rejected.has(photo.id);
  });
  const duplicates = nearDuplicates(accepted, recipe.dedupe ?? DEFAULT_DEDUPE);
  const distinct = accepted.flatMap((photo, i) => {
    const first = duplicates.find(i);
    if (recipe.dedupe === null || first === i) return [{ photo, index: i }];
    drop(photo, 'duplicate', `near-duplicate of ${accepted[first]!.id}`);
    return [];
  });
  const drawn = distinct
    .map(({ photo }) => ({ id: photo.id, draw: drawOf(recipe.seed, `size:${photo.id}`) }))
    .sort((a, b) => a.draw - b.draw || (a.id < b.id ? -1 : 1))
    .slice(0, recipe.size ?? undefined);
  const chosen = new Set(drawn.map(({ id }) => id));
  const sized = distinct.filter(({ photo }) => {
    if (!chosen.has(photo.id)) drop(photo, 'size', `not among the ${recipe.size} photos drawn for the dataset`);
    return chosen.has(photo.id);
  });
  const sides = splitPhotos(
    sized.map(({ photo }) => photo),
    { recipe, groupOf: sized.map(({ index }) => duplicates.find(index)) },
  );
  for (const [i, { photo }] of sized.entries()) {
    const side = sides[i]!;
    if (side === 'left-out')
      drop(photo, 'split', `${photo.city} is only in the test split, but the photo's owner is in training`);
    else fates.set(photo.id, { kind: 'kept', split: side });
  }
  return fates;
}
