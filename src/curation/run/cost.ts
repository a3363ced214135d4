/**
 * Estimates the cost of a run before it starts, and adds up the actual cost while it runs. Costs are photos × tokens ×
 * the user's prices.
 */
import { GlobeError, invalidInput } from '../../core/errors.ts';
import { ANNOTATE_PROMPT } from '../../prompts/annotate-prompt.ts';
import { locatePrompt } from '../../prompts/locate-prompt.ts';
import { addUsage, costOf, NO_USAGE } from '../../vision/cost.ts';
import type { Price } from '../../vision/cost.ts';
import { imageTokens } from '../../vision/image-tokens.ts';
import type { ImageSize } from '../../vision/image-tokens.ts';
import type { Usage } from '../../vision/vision-model.ts';
import { keyOf } from '../observe/observation.ts';
import { annotatorsInUse } from '../gates/modes.ts';
import { annotatorName } from '../recipe/recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** Approximate number of characters per token in English text. */
const CHARACTERS_PER_TOKEN = 4;
/**
 * Approximate number of tokens in an annotation or in an answer for the solvable gate. Both are about one paragraph
 * long.
 */
const COMPLETION_TOKENS = 160;

/** After this number of answers without token counts, the server is considered not to report token counts. */
const UNCOUNTED_ANSWERS = 25;

export type AnnotatorCost = {
  /** The annotator's name, or "solvable: MODEL" for the solvable gate's model. */
  readonly annotator: string;
  /** Number of requests to the annotator, one per photo. */
  readonly requests: number;
  readonly usage: Usage;
  /** Cost in the price's currency. Absent if the annotator has no price. */
  readonly amount?: number;
  readonly currency?: string;
};

/** A model whose tokens may cost money. */
type Paid = {
  readonly name: string;
  readonly model: string;
  readonly key: string;
  readonly price: Price | undefined;
};

/**
 * Estimates the cost of one request per photo. The number of tokens of an image depends on the model's family. `sizes`
 * has the sizes of some of the photos; without it, all photos are assumed to have the recipe's maximum size. The
 * estimate is too high in full mode, because asking in the order of prices spares later annotators many photos. It is
 * also too high for the solvable gate, which few photos reach. It is too low for annotators that need retries. A pilot
 * (projectRun) measures these effects. For the solvable gate, the prompt is counted once for all samples, as on a
 * server that returns several completions per request.
 */
export function estimateCost(
  recipe: Recipe,
  photoCount: number,
  { sizes = [] }: { readonly sizes?: readonly ImageSize[] } = {},
): AnnotatorCost[] {
  const { solvable } = recipe.gates;
  const estimate = (
    { name, model, price }: Paid,
    { prompt, requests, samples }: { prompt: string; requests: number; samples: number },
  ): AnnotatorCost => {
    const usage = {
      promptTokens: Math.round(promptTokensOf(prompt, { model, sizes, recipe }) * requests),
      completionTokens: COMPLETION_TOKENS * samples * requests,
    };
    return { annotator: name, requests, usage, ...priced(usage, price) };
  };
  const annotating = { prompt: ANNOTATE_PROMPT, requests: requestsPerAnnotator(recipe, photoCount), samples: 1 };
  return [
    ...annotatorsOf(recipe).map((annotator) => estimate(annotator, annotating)),
    ...solverOf(recipe).map((solver) =>
      estimate(solver, { prompt: locatePrompt(), requests: photoCount, samples: solvable!.samples }),
    ),
  ];
}

type PromptOptions = { readonly model: string; readonly sizes: readonly ImageSize[]; readonly recipe: Recipe };

/**
 * Returns the number of tokens of the prompt's text and of an average image. Images are first scaled down to the
 * recipe's maximum size.
 */
function promptTokensOf(prompt: string, { model, sizes, recipe }: PromptOptions): number {
  const { maxPixels } = recipe.annotation;
  const largest = { widthPixels: Math.sqrt((maxPixels * 4) / 3), heightPixels: Math.sqrt((maxPixels * 3) / 4) };
  const shown = (sizes.length === 0 ? [largest] : sizes).map(({ widthPixels, heightPixels }) => {
    const scale = Math.min(1, Math.sqrt(maxPixels / (widthPixels * heightPixels)));
    return { widthPixels: widthPixels * scale, heightPixels: heightPixels * scale };
  });
  const tokens = shown.reduce((sum, size) => sum + imageTokens(model, size), 0) / shown.length;
  return Math.ceil(prompt.length / CHARACTERS_PER_TOKEN) + tokens;
}

const annotatorsOf = (recipe: Recipe): Paid[] =>
  annotatorsInUse(recipe).map((annotator) => ({
    name: annotatorName(annotator),
    model: annotator.model,
    key: keyOf({ kind: 'annotation', annotator: annotatorName(annotator) }),
    price: annotator.price,
  }));

const solverOf = ({ gates: { solvable } }: Recipe): Paid[] =>
  solvable === null
    ? []
    : [
        {
          name: `solvable: ${solvable.model}`,
          model: solvable.model,
          key: keyOf({ kind: 'pass-rate' }),
          price: solvable.price,
        },
      ];

const requestsPerAnnotator = ({ mode, annotators }: Recipe, photoCount: number): number =>
  mode === 'random' ? Math.ceil(photoCount / annotators.length) : photoCount;

function priced(usage: Usage, price: Price | undefined) {
  return price === undefined ? {} : costOf(usage, price);
}

export type TotalCost = {
  readonly amount: number;
  readonly currency: string;
  /** Names of the models without a price. Their costs are not in the total. */
  readonly without: readonly string[];
};

/**
 * Adds up the costs. Returns undefined if no model has a price. Throws `invalid-input` if the prices are in different
 * currencies.
 */
export function totalCost(costs: readonly AnnotatorCost[]): TotalCost | undefined {
  const known = costs.filter(({ amount }) => amount !== undefined);
  const currencies = [...new Set(known.map(({ currency }) => currency!))];
  if (currencies.length === 0) return undefined;
  if (currencies.length > 1) {
    throw new GlobeError({
      code: 'invalid-input',
      message: `Prices are in different currencies: ${currencies.join(', ')}.`,
      hint: 'State all prices in one currency.',
    });
  }
  const without = costs.filter(({ amount }) => amount === undefined).map(({ annotator }) => annotator);
  return { amount: known.reduce((sum, { amount }) => sum + amount!, 0), currency: currencies[0]!, without };
}

/** Throws `invalid-input` if the recipe has a cost limit, and the estimate exceeds it or a price is missing. */
export function checkBudget(recipe: Recipe, costs: readonly AnnotatorCost[]): void {
  assertPriced(recipe);
  const total = totalCost(costs);
  if (recipe.maxCost === null || total === undefined || total.amount <= recipe.maxCost) return;
  throw new GlobeError({
    code: 'invalid-input',
    message: `The estimated cost is ${total.amount.toFixed(2)} ${total.currency}, more than maxCost (${recipe.maxCost}).`,
    hint: 'Raise maxCost in the recipe, or curate fewer photos.',
  });
}

/** Throws if the recipe has a cost limit but a model has no price, because the model's cost would be unknown. */
function assertPriced(recipe: Recipe): void {
  if (recipe.maxCost === null) return;
  const unpriced = [...annotatorsOf(recipe), ...solverOf(recipe)].filter(({ price }) => price === undefined);
  if (unpriced.length === 0) return;
  throw invalidInput(
    `maxCost is ${recipe.maxCost}, but the recipe has no price for ${unpriced.map(({ name }) => name).join(', ')}.`,
    'Add the price beside the model in the recipe, with zeros if it is free: price: { promptPerMillionTokens: 2, completionPerMillionTokens: 6, currency: USD }. A model in --annotator has the price of the same model in the recipe. Or remove maxCost.',
  );
}

/**
 * Throws if many answers have arrived but none had a token count. A single answer, such as a content filter's refusal,
 * may lack one.
 */
function assertCounted(
  recipe: Recipe,
  { key, requests, usage }: { key: string; requests: number; usage: Usage },
): void {
  if (requests < UNCOUNTED_ANSWERS || usage.promptTokens + usage.completionTokens > 0) return;
  const paid = [...annotatorsOf(recipe), ...solverOf(recipe)].find((one) => one.key === key);
  const { promptPerMillionTokens = 0, completionPerMillionTokens = 0 } = paid?.price ?? {};
  if (paid === undefined || promptPerMillionTokens + completionPerMillionTokens === 0) return;
  throw invalidInput(
    `${paid.name} reported no token counts for ${requests} answers, so maxCost cannot be checked.`,
    'Remove maxCost from the recipe, or configure the server to count tokens (`usage` in its answers).',
  );
}

export type CostMeter = {
  /** Adds the usage of an answer. Throws `invalid-input` when the total cost reaches the recipe's limit. */
  add(key: string, usage: Usage): void;
  costs(): AnnotatorCost[];
};

/** Throws `invalid-input` if the recipe has a cost limit but a model has no price. */
export function createCostMeter(recipe: Recipe): CostMeter {
  assertPriced(recipe);
  const spent = new Map<string, { requests: number; usage: Usage }>();
  const costs = (): AnnotatorCost[] =>
    [...annotatorsOf(recipe), ...solverOf(recipe)].flatMap(({ name, key, price }) => {
      const found = spent.get(key);
      if (found === undefined) return [];
      return [{ annotator: name, ...found, ...priced(found.usage, price) }];
    });
  return {
    costs,
    add: (key, usage) => {
      const before = spent.get(key) ?? { requests: 0, usage: NO_USAGE };
      spent.set(key, { requests: before.requests + 1, usage: addUsage(before.usage, usage) });
      if (recipe.maxCost === null) return;
      assertCounted(recipe, { key, ...spent.get(key)! });
      const total = totalCost(costs());
      if (total === undefined || total.amount < recipe.maxCost) return;
      throw new GlobeError({
        code: 'invalid-input',
        message: `The run has cost ${total.amount.toFixed(2)} ${total.currency} and has reached maxCost (${recipe.maxCost}).`,
        hint: 'All answers are kept. Raise maxCost in the recipe and run the same command to resume.',
      });
    },
  };
}
