/** Computes the cost of a run from the server's token counts and the user's prices. There are no built-in prices. */
import type { Usage } from './vision-model.ts';

export type Price = {
  readonly promptPerMillionTokens: number;
  readonly completionPerMillionTokens: number;
  /** The currency as the user wrote it, such as 'USD' or 'CNY'. */
  readonly currency: string;
};

export type Cost = { readonly amount: number; readonly currency: string };

/**
 * Estimates the cost. The service's bill may differ, because services can round, discount cached tokens or count images
 * separately.
 */
export function costOf({ promptTokens, completionTokens }: Usage, price: Price): Cost {
  const amount =
    (promptTokens * price.promptPerMillionTokens + completionTokens * price.completionPerMillionTokens) / 1e6;
  return { amount, currency: price.currency };
}

export const NO_USAGE: Usage = { promptTokens: 0, completionTokens: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
  };
}
