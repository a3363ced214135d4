/** What a run will cost, before it starts, and has cost: photos × tokens × the prices that the user states. */
import { GlobeError } from '../core/errors.ts';
import { ANNOTATE_PROMPT } from '../prompts/annotate-prompt.ts';
import { addUsage, costOf, NO_USAGE } from '../vision/cost.ts';
import type { Usage } from '../vision/vision-model.ts';
import { keyOf } from './observation.ts';
import { annotatorName } from './recipe.ts';
import type { Recipe } from './recipe.ts';

/** Characters of English text to a token, about. */
const CHARACTERS_PER_TOKEN = 4;
/** Qwen2.5-VL makes one token of 28 × 28 pixels; other models are of the same order. */
const PIXELS_PER_IMAGE_TOKEN = 784;
/** Of an annotation: a paragraph. */
const COMPLETION_TOKENS = 160;

export type AnnotatorCost = {
  readonly annotator: string;
  readonly requests: number;
  readonly usage: Usage;
  /** Absent where no price was stated. */
  readonly amount?: number;
  readonly currency?: string;
};

/** Every photo at the recipe's image size, one try each: an upper estimate for small photos, a lower one for bad models. */
export function estimateCost(recipe: Recipe, photoCount: number): AnnotatorCost[] {
  const promptTokens =
    Math.ceil(ANNOTATE_PROMPT.length / CHARACTERS_PER_TOKEN) +
    Math.ceil(recipe.annotation.maxPixels / PIXELS_PER_IMAGE_TOKEN);
  const requests = requestsPerAnnotator(recipe, photoCount);
  return recipe.annotators.slice(0, recipe.mode === 'single' ? 1 : undefined).map((annotator) => {
    const usage = { promptTokens: promptTokens * requests, completionTokens: COMPLETION_TOKENS * requests };
    return { annotator: annotatorName(annotator), requests, usage, ...priced(usage, annotator.price) };
  });
}

const requestsPerAnnotator = ({ mode, annotators }: Recipe, photoCount: number): number =>
  mode === 'random' ? Math.ceil(photoCount / annotators.length) : photoCount;

function priced(usage: Usage, price: Recipe['annotators'][number]['price']) {
  return price === undefined ? {} : costOf(usage, price);
}

/** The sum in one currency; undefined without prices. Throws `invalid-input` for prices in several currencies. */
export function totalCost(costs: readonly AnnotatorCost[]): { amount: number; currency: string } | undefined {
  const known = costs.filter(({ amount }) => amount !== undefined);
  const currencies = [...new Set(known.map(({ currency }) => currency!))];
  if (currencies.length === 0) return undefined;
  if (currencies.length > 1) {
    throw new GlobeError({
      code: 'invalid-input',
      message: `Prices are stated in ${currencies.join(' and ')}.`,
      hint: 'State them in one currency, so that they add up.',
    });
  }
  return { amount: known.reduce((sum, { amount }) => sum + amount!, 0), currency: currencies[0]! };
}

/** Throws `invalid-input` when the estimate exceeds the recipe's limit. */
export function checkBudget(recipe: Recipe, costs: readonly AnnotatorCost[]): void {
  const total = totalCost(costs);
  if (recipe.maxCost === null || total === undefined || total.amount <= recipe.maxCost) return;
  throw new GlobeError({
    code: 'invalid-input',
    message: `The estimate is ${total.amount.toFixed(2)} ${total.currency}, more than the ${recipe.maxCost} of maxCost.`,
    hint: 'Raise maxCost in the recipe, or curate fewer photos.',
  });
}

export type CostMeter = {
  /** Throws a `rejected` error once the recipe's limit is reached. */
  add(key: string, usage: Usage): void;
  costs(): AnnotatorCost[];
};

export function createCostMeter(recipe: Recipe): CostMeter {
  const spent = new Map<string, { requests: number; usage: Usage }>();
  const costs = (): AnnotatorCost[] =>
    recipe.annotators.flatMap((annotator) => {
      const found = spent.get(keyOf({ kind: 'annotation', annotator: annotatorName(annotator) }));
      if (found === undefined) return [];
      return [{ annotator: annotatorName(annotator), ...found, ...priced(found.usage, annotator.price) }];
    });
  return {
    costs,
    add: (key, usage) => {
      const before = spent.get(key) ?? { requests: 0, usage: NO_USAGE };
      spent.set(key, { requests: before.requests + 1, usage: addUsage(before.usage, usage) });
      if (recipe.maxCost === null) return;
      const total = totalCost(costs());
      if (total === undefined || total.amount < recipe.maxCost) return;
      throw new GlobeError({
        code: 'invalid-input',
        message: `The run has cost ${total.amount.toFixed(2)} ${total.currency}: maxCost is reached.`,
        hint: 'What was answered is kept. Raise maxCost in the recipe and run the same command to continue.',
      });
    },
  };
}
