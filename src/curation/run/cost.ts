/** What a run will cost, before it starts, and has cost: photos × tokens × the prices that the user states. */
import { GlobeError, invalidInput } from '../../core/errors.ts';
import { ANNOTATE_PROMPT } from '../../prompts/annotate-prompt.ts';
import { locatePrompt } from '../../prompts/locate-prompt.ts';
import { addUsage, costOf, NO_USAGE } from '../../vision/cost.ts';
import type { Price } from '../../vision/cost.ts';
import type { Usage } from '../../vision/vision-model.ts';
import { keyOf } from '../observe/observation.ts';
import { annotatorsInUse } from '../gates/modes.ts';
import { annotatorName } from '../recipe/recipe.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** Characters of English text to a token, about. */
const CHARACTERS_PER_TOKEN = 4;
/** Qwen2.5-VL makes one token of 28 × 28 pixels; other models are of the same order. */
const PIXELS_PER_IMAGE_TOKEN = 784;
/** Of an annotation, or of one answer of the solvable gate's model: a paragraph. */
const COMPLETION_TOKENS = 160;

/** Answers without a count of tokens after which a server is taken to count none. */
const UNCOUNTED_ANSWERS = 25;

export type AnnotatorCost = {
  /** The annotator's name; "solvable: MODEL" for the model of that gate. */
  readonly annotator: string;
  /** Photos that it was asked about. */
  readonly requests: number;
  readonly usage: Usage;
  /** Absent where no price was stated. */
  readonly amount?: number;
  readonly currency?: string;
};

/** A model that is paid by the token. */
type Paid = { readonly name: string; readonly key: string; readonly price: Price | undefined };

/**
 * Every photo at the recipe's image size, one try each: an upper estimate for small photos and for the solvable gate,
 * which few photos reach; a lower one for annotators that have to be asked again. The gate's samples share one prompt, as
 * where a server makes several completions of one call.
 */
export function estimateCost(recipe: Recipe, photoCount: number): AnnotatorCost[] {
  const { solvable } = recipe.gates;
  const estimate = (
    { name, price }: Paid,
    { prompt, requests, samples }: { prompt: string; requests: number; samples: number },
  ): AnnotatorCost => {
    const usage = {
      promptTokens: promptTokensOf(prompt, recipe) * requests,
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

const promptTokensOf = (prompt: string, { annotation }: Recipe): number =>
  Math.ceil(prompt.length / CHARACTERS_PER_TOKEN) + Math.ceil(annotation.maxPixels / PIXELS_PER_IMAGE_TOKEN);

/** Those that the mode asks. */
const annotatorsOf = (recipe: Recipe): Paid[] =>
  annotatorsInUse(recipe).map((annotator) => ({
    name: annotatorName(annotator),
    key: keyOf({ kind: 'annotation', annotator: annotatorName(annotator) }),
    price: annotator.price,
  }));

const solverOf = ({ gates: { solvable } }: Recipe): Paid[] =>
  solvable === null
    ? []
    : [{ name: `solvable: ${solvable.model}`, key: keyOf({ kind: 'pass-rate' }), price: solvable.price }];

const requestsPerAnnotator = ({ mode, annotators }: Recipe, photoCount: number): number =>
  mode === 'random' ? Math.ceil(photoCount / annotators.length) : photoCount;

function priced(usage: Usage, price: Price | undefined) {
  return price === undefined ? {} : costOf(usage, price);
}

export type TotalCost = {
  readonly amount: number;
  readonly currency: string;
  /** What the sum leaves out, since no price was stated for it. */
  readonly without: readonly string[];
};

/** The sum in one currency; undefined without prices. Throws `invalid-input` for prices in several currencies. */
export function totalCost(costs: readonly AnnotatorCost[]): TotalCost | undefined {
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
  const without = costs.filter(({ amount }) => amount === undefined).map(({ annotator }) => annotator);
  return { amount: known.reduce((sum, { amount }) => sum + amount!, 0), currency: currencies[0]!, without };
}

/** Throws `invalid-input` when the recipe has a limit and its estimate exceeds that, or cannot be made for want of a price. */
export function checkBudget(recipe: Recipe, costs: readonly AnnotatorCost[]): void {
  assertPriced(recipe);
  const total = totalCost(costs);
  if (recipe.maxCost === null || total === undefined || total.amount <= recipe.maxCost) return;
  throw new GlobeError({
    code: 'invalid-input',
    message: `The estimate is ${total.amount.toFixed(2)} ${total.currency}, more than the ${recipe.maxCost} of maxCost.`,
    hint: 'Raise maxCost in the recipe, or curate fewer photos.',
  });
}

/** A limit on a cost that is not known would limit nothing. */
function assertPriced(recipe: Recipe): void {
  if (recipe.maxCost === null) return;
  const unpriced = [...annotatorsOf(recipe), ...solverOf(recipe)].filter(({ price }) => price === undefined);
  if (unpriced.length === 0) return;
  throw invalidInput(
    `maxCost is ${recipe.maxCost}, and no price is stated for ${unpriced.map(({ name }) => name).join(', ')}.`,
    'State it beside the model in the recipe, zeros for one that costs nothing: price: { promptPerMillionTokens: 2, completionPerMillionTokens: 6, currency: USD }. What --annotator names has the price of the annotator of the same model there. Or take maxCost out.',
  );
}

/** A content filter's refusal has no tokens; a server whose answers never have any does not count them. */
function assertCounted(
  recipe: Recipe,
  { key, requests, usage }: { key: string; requests: number; usage: Usage },
): void {
  if (requests < UNCOUNTED_ANSWERS || usage.promptTokens + usage.completionTokens > 0) return;
  const paid = [...annotatorsOf(recipe), ...solverOf(recipe)].find((one) => one.key === key);
  const { promptPerMillionTokens = 0, completionPerMillionTokens = 0 } = paid?.price ?? {};
  if (paid === undefined || promptPerMillionTokens + completionPerMillionTokens === 0) return;
  throw invalidInput(
    `${paid.name} gave ${requests} answers and said of none how many tokens it took: maxCost cannot be kept.`,
    'Take maxCost out of the recipe, or let the server count (`usage` in its answers).',
  );
}

export type CostMeter = {
  /** Throws `invalid-input` once the recipe's limit is reached. */
  add(key: string, usage: Usage): void;
  costs(): AnnotatorCost[];
};

/** Throws `invalid-input` for a limit and no price. */
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
        message: `The run has cost ${total.amount.toFixed(2)} ${total.currency}: maxCost is reached.`,
        hint: 'What was answered is kept. Raise maxCost in the recipe and run the same command to continue.',
      });
    },
  };
}
