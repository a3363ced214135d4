/**
 * The steps that need all photos at once: near-duplicates, reviewers' decisions, the size of the dataset, and the
 * split. `select` is a pure function from the photos to their fates. Near-duplicates are grouped among all usable
 * photos, and the first photo of a group that passed its gates is kept. The groups therefore do not depend on the
 * annotators' answers, and a photo needs no answers if an earlier photo of its group has passed.
 */
import type { HashStore } from './hash-store.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { recipeSchema } from '../recipe/recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { drawOf } from '../recipe/draw.ts';
import { duplicateOf } from './pass-gates.ts';
import { splitPhotos } from './split.ts';

/** A photo whose image can be used and whose place is known. */
export type Usable = {
  readonly id: string;
  readonly city: string;
  readonly country: string;
  readonly owner?: string;
  /** Whether the photo passed its gates. */
  readonly passed: boolean;
};

export const SELECTION_STAGES = ['review', 'cap', 'size', 'split'] as const;
export type SelectionStage = (typeof SELECTION_STAGES)[number];

export type Fate =
  | { readonly kind: 'kept'; readonly split: 'train' | 'test' }
  | { readonly kind: 'dropped'; readonly stage: SelectionStage | 'duplicate'; readonly reason: string };

export type SelectOptions = {
  readonly recipe: Pick<Recipe, 'dedupe' | 'caps' | 'size' | 'split' | 'seed'>;
  /** The hashes of the photos, in the same order. */
  readonly hashes: HashStore;
  /** Ids that a reviewer rejected. */
  readonly rejected: ReadonlySet<string>;
};

/**
 * Default thresholds for near-duplicates. They are used if the recipe keeps all near-duplicates, because
 * near-duplicates must still be in the same split.
 */
const DEFAULT_DEDUPE = recipeSchema.shape.dedupe.parse({})!;

/**
 * Returns the fates of all photos that passed their gates, and of their near-duplicates. All other photos have no fate
 * here, because a gate dropped them. The photos must be sorted by id.
 */
export function select(photos: readonly Usable[], { recipe, hashes, rejected }: SelectOptions): Map<string, Fate> {
  const fates = new Map<string, Fate>();
  const drop = (photo: Usable, stage: Extract<Fate, { kind: 'dropped' }>['stage'], reason: string): void => {
    fates.set(photo.id, { kind: 'dropped', stage, reason });
  };
  const duplicates = nearDuplicates(
    hashes,
    photos.map(({ owner }) => owner),
    recipe.dedupe ?? DEFAULT_DEDUPE,
  );
  const firstOfGroup = new Map<number, string>();
  const distinct = photos.flatMap((photo, index) => {
    const group = duplicates.find(index);
    const first = firstOfGroup.get(group);
    if (recipe.dedupe !== null && first !== undefined) {
      drop(photo, 'duplicate', duplicateOf(first).reason);
      return [];
    }
    if (!photo.passed) return [];
    if (rejected.has(photo.id)) {
      drop(photo, 'review', 'rejected by a reviewer');
      return [];
    }
    firstOfGroup.set(group, photo.id);
    return [{ photo, index }];
  });
  const drawn = distinct
    .map(({ photo }) => ({ photo, draw: drawOf(recipe.seed, `size:${photo.id}`) }))
    .sort((a, b) => a.draw - b.draw || (a.photo.id < b.photo.id ? -1 : 1))
    .map(({ photo }) => photo);
  const overCap = createCaps(recipe.caps);
  const capped = new Set<string>();
  for (const photo of drawn) {
    const reason = overCap(photo);
    if (reason === undefined) continue;
    drop(photo, 'cap', reason);
    capped.add(photo.id);
  }
  const within = drawn.filter(({ id }) => !capped.has(id));
  const chosen = new Set(within.slice(0, recipe.size ?? undefined).map(({ id }) => id));
  const sized = distinct.filter(({ photo }) => {
    if (capped.has(photo.id)) return false;
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

/**
 * Returns a function that counts photos by city, country and owner, in the order of its calls. It returns the reason if a
 * photo is over a cap; such a photo is not counted.
 */
function createCaps(caps: Recipe['caps']): (photo: Usable) => string | undefined {
  const counts = new Map<string, number>();
  return ({ city, country, owner }) => {
    const groups = [
      { what: 'city', name: city, cap: caps.city },
      { what: 'country', name: country, cap: caps.country },
      { what: 'owner', name: owner, cap: caps.owner },
    ].flatMap(({ what, name, cap }) => (name === undefined || cap === null ? [] : [{ key: `${what} ${name}`, cap }]));
    const full = groups.find(({ key, cap }) => (counts.get(key) ?? 0) >= cap);
    if (full !== undefined) return `the ${full.key} already has ${full.cap} photos`;
    for (const { key } of groups) counts.set(key, (counts.get(key) ?? 0) + 1);
    return undefined;
  };
}
