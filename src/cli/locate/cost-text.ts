/** The cost of locating photos: an estimate before, and the sum after. */
import type { LocatedPhoto } from '../../locator/locate-photos.ts';
import { costOf } from '../../vision/cost.ts';
import type { Price } from '../../vision/cost.ts';
import { imageTokens } from '../../vision/image-tokens.ts';
import { costOfResults } from './render.ts';

/** Approximate number of tokens of one answer with its reasons, about a paragraph. */
const ANSWER_TOKENS = 160;

/** Approximate number of characters per token in English text. */
const CHARACTERS_PER_TOKEN = 4;

export type EstimateOptions = {
  readonly model: string;
  readonly samples: number;
  readonly maxPixels: number;
  /** The prompt; absent for a model without words. */
  readonly prompt?: string | undefined;
  readonly price?: Price | undefined;
};

/** Says how many photos there are and what they may cost. The samples of a photo share one prompt. */
export function estimateText(photos: number, { model, samples, maxPixels, prompt, price }: EstimateOptions): string {
  if (prompt === undefined) return `${photos} photos. The model runs in this process and costs no tokens.`;
  // A photo in the usual ratio of 4 : 3 that uses all pixels.
  const size = { widthPixels: Math.sqrt((maxPixels * 4) / 3), heightPixels: Math.sqrt((maxPixels * 3) / 4) };
  const usage = {
    promptTokens: photos * (Math.ceil(prompt.length / CHARACTERS_PER_TOKEN) + imageTokens(model, size)),
    completionTokens: photos * samples * ANSWER_TOKENS,
  };
  const tokens = `About ${thousands(usage.promptTokens)} prompt and ${thousands(usage.completionTokens)} completion tokens, if no photo is smaller than ${thousands(maxPixels)} pixels.`;
  if (price === undefined) {
    return `${photos} photos. ${tokens} No price is known: add "price" to the model in globe.config.json.`;
  }
  const { amount, currency } = costOf(usage, price);
  return `${photos} photos. ${tokens} About ${amount.toFixed(2)} ${currency}.`;
}

/** Returns the tokens and the cost of the answers in a sentence after a space; empty if the model counts no tokens. */
export function finalCostText(photos: readonly LocatedPhoto[], price: Price | undefined): string {
  const { usage, cost } = costOfResults(
    photos.map(({ result }) => result),
    price,
  );
  if (usage.promptTokens + usage.completionTokens === 0) return '';
  const amount = cost === undefined ? '' : `, ${cost.amount.toFixed(2)} ${cost.currency}`;
  return ` ${thousands(usage.promptTokens)} prompt and ${thousands(usage.completionTokens)} completion tokens${amount}.`;
}

const thousands = (n: number): string => n.toLocaleString('en-US');
