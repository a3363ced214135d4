/**
 * Previews other thresholds: applies the gates with other values to the recorded answers of a run. It sends no request.
 * With other thresholds, a photo may need an answer that the run never requested. Such photos are counted separately.
 */
import { join } from 'node:path';
import type { GateInputs } from '../gates/gate.ts';
import { passGates } from '../judge/pass-gates.ts';
import { readResults, RESULTS_FILE } from '../judge/result.ts';
import type { Result } from '../judge/result.ts';
import { keyOf } from '../observe/observation.ts';
import type { Photo } from '../observe/photo.ts';
import { parseRecipe } from '../recipe/read-recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';

export type PreviewRow = {
  /** The threshold's path in the recipe, such as `gates.crossModel.minSimilarity`. */
  readonly threshold: string;
  readonly value: number | null;
  /** True if `value` is the recipe's own value. */
  readonly current: boolean;
  /** Number of photos that pass all gates. Near-duplicates that the run did not ask about are not counted. */
  readonly passed: number;
  /** Number of photos that need an answer which the run does not have. */
  readonly unknown: number;
};

/** The values to try for each threshold. A threshold is tried only if the recipe's mode uses its gate. */
const GRID: Readonly<Record<string, readonly (number | null)[]>> = {
  'gates.localizability.minGpsConfidence': [0, 0.01, 0.02, 0.05, 0.1, 0.2],
  'gates.correctness.maxDistanceKm': [0, 10, 25, 50, 100],
  'gates.correctness.maxGpsDistanceKm': [100, 250, 750, 2500, null],
  'gates.crossModel.maxDistanceKm': [0, 10, 25, 50, 100],
  'gates.crossModel.minSimilarity': [0, 0.1, 0.2, 0.3, 0.4, 0.5],
  'gates.grounding.minGroundedShare': [0, 0.25, 0.5, 0.75, 0.9, 1],
};

export type PreviewOptions = GateInputs & {
  /** Folder of the run. */
  readonly run: string;
  /** The photos of the run, by id. */
  readonly photos: ReadonlyMap<string, Photo>;
  /** Maximum number of photos. The photos with the smallest ids are used. */
  readonly limit: number;
  readonly signal: AbortSignal;
};

/** Returns a row for each value of each threshold, and the number of photos. */
export async function previewThresholds(
  options: PreviewOptions,
): Promise<{ photos: number; rows: readonly PreviewRow[] }> {
  const variants = variantsOf(options.recipe);
  const counts = variants.map(() => ({ passed: 0, unknown: 0 }));
  let photos = 0;
  for await (const result of readResults(join(options.run, RESULTS_FILE))) {
    options.signal.throwIfAborted();
    const photo = options.photos.get(result.id);
    if (photo === undefined) continue;
    for (const [i, { recipe }] of variants.entries()) {
      const outcome = await outcomeOf(result, { ...options, photo, recipe });
      if (outcome === 'passed') counts[i]!.passed += 1;
      if (outcome === 'unknown') counts[i]!.unknown += 1;
    }
    photos += 1;
    if (photos === options.limit) break;
  }
  const rows = variants.map(({ threshold, value, current }, i) => ({ threshold, value, current, ...counts[i]! }));
  return { photos, rows };
}

type Variant = Pick<PreviewRow, 'threshold' | 'value' | 'current'> & { readonly recipe: Recipe };

function variantsOf(recipe: Recipe): Variant[] {
  return Object.entries(GRID).flatMap(([threshold, grid]) => {
    const own = valueAt(recipe, threshold);
    // `own` is undefined if the recipe turned the gate off.
    if (own === undefined || recipe.mode === 'random') return [];
    const values = [...new Set([...grid, own])].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
    return values.map((value) => ({
      threshold,
      value,
      current: value === own,
      recipe: withValue(recipe, threshold, value),
    }));
  });
}

function valueAt(recipe: Recipe, path: string): number | null | undefined {
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], recipe);
  return value as number | null | undefined;
}

function withValue(recipe: Recipe, path: string, value: number | null): Recipe {
  const copy = structuredClone(recipe);
  const keys = path.split('.');
  const parent = keys
    .slice(0, -1)
    .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
  parent[keys.at(-1)!] = value;
  return parseRecipe(copy);
}

/** Thrown if a gate needs an answer that the run does not have. */
class UnaskedError extends Error {}

async function outcomeOf(
  { observations, verdicts }: Result,
  { photo, recipe, gazetteer, grounder }: GateInputs & { readonly photo: Photo },
): Promise<'passed' | 'dropped' | 'unknown'> {
  // The run asked no annotator about a near-duplicate. Other thresholds do not change that.
  if (verdicts.at(-1)?.gate === 'duplicate') return 'dropped';
  const known = new Map(Object.entries(observations));
  try {
    const { chosen } = await passGates(photo, {
      recipe,
      gazetteer,
      grounder,
      observations: known,
      answer: async (questions) => {
        if (questions.some((question) => !known.has(keyOf(question)))) throw new UnaskedError();
        return Promise.resolve();
      },
    });
    return chosen === undefined ? 'dropped' : 'passed';
  } catch (error) {
    if (error instanceof UnaskedError) return 'unknown';
    throw error;
  }
}
