/**
 * Reads a curation recipe from YAML. Also checks what the schema cannot check: whether the recipe has the models that
 * its mode needs.
 */
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { checkDocument, readYaml } from '../../storage/read-document.ts';
import { annotatorName, recipeSchema } from './recipe.ts';
import type { Mode, Recipe } from './recipe.ts';

/** Options of the command line that replace fields of the recipe. */
export type RecipeOverrides = {
  readonly mode?: Mode;
  /** Replaces the recipe's annotators. */
  readonly annotators?: readonly string[];
  /** Replaces the recipe's GPS annotator. Null removes it. */
  readonly gps?: string | null;
  /** Replaces the recipe's segmentation model. Null removes the model and turns off the grounding gate. */
  readonly segmentation?: string | null;
};

const KIND = { name: 'curation recipe', schema: recipeSchema, hint: 'See the example recipes/curate-miniature.yaml.' };

/**
 * Reads a recipe. Throws `not-found` if the file is missing. Throws `invalid-input` with the invalid fields and their
 * valid values if the recipe is invalid.
 */
export async function readRecipe(path: string, overrides: RecipeOverrides = {}): Promise<Recipe> {
  const value = await readYaml(path, { ...KIND, schema: z.unknown() });
  return parseRecipe(value, { ...overrides, label: path });
}

/** Creates a recipe from a plain object. Throws `invalid-input` if the object is not a valid recipe. */
export function parseRecipe(value: unknown, options: RecipeOverrides & { readonly label?: string } = {}): Recipe {
  const { mode, annotators = [], gps, segmentation, label = 'The recipe' } = options;
  const fields = typeof value === 'object' && value !== null ? value : {};
  const merged = {
    ...fields,
    ...defined({ mode }),
    ...(annotators.length > 0 && { annotators: annotators.map((model) => annotatorOf(model, fields)) }),
    ...(gps !== undefined && { gps: gps === null ? null : { model: gps } }),
    ...(segmentation !== undefined && { segmentation: segmentation === null ? null : { model: segmentation } }),
    ...(segmentation === null && { gates: withoutGrounding(fields) }),
  };
  const recipe = checkDocument(merged, label, KIND);
  checkMode(recipe, label);
  return recipe;
}

/**
 * Creates an annotator for a model that was named on the command line. If the recipe lists the same model, the
 * annotator gets the concurrency and price from the recipe.
 */
function annotatorOf(model: string, recipe: object): object {
  const listed: unknown = 'annotators' in recipe ? recipe.annotators : undefined;
  const found: unknown = Array.isArray(listed)
    ? listed.find(
        (entry: unknown) => typeof entry === 'object' && entry !== null && 'model' in entry && entry.model === model,
      )
    : undefined;
  const { concurrency, price } = (found ?? {}) as Record<string, unknown>;
  return { model, ...defined({ concurrency, price }) };
}

function withoutGrounding(recipe: object): object {
  const gates: unknown = 'gates' in recipe ? recipe.gates : undefined;
  return { ...(typeof gates === 'object' && gates), grounding: null };
}

function checkMode(recipe: Recipe, label: string): void {
  const names = recipe.annotators.map(annotatorName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw invalidInput(`${label} has the annotator "${twice}" twice.`, 'Give each annotator a unique name.');
  if (recipe.mode !== 'full') return;
  if (names.length < 2) {
    throw invalidInput(
      `${label} has one annotator, but mode full compares at least two.`,
      'Add another annotator, or use --mode single.',
    );
  }
  const { grounding } = recipe.gates;
  const hasVerifier = grounding?.mode === 'verified' && recipe.verifier !== null;
  if (recipe.segmentation === null && grounding !== null && !hasVerifier) {
    throw invalidInput(
      `${label} has no segmentation model, but the grounding gate of mode full needs one.`,
      'Add `segmentation: { model: … }` or --segmentation MODEL, or `verifier: { model: … }` with the gate in mode verified. To skip the grounding gate, use --segmentation none or --mode single.',
    );
  }
}
