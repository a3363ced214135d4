/** The bounds of a confidence interval, and the confidence level that the whole project uses. */

/** Confidence level of every reported interval. */
export const CONFIDENCE_LEVEL = 0.95;

/** The standard normal quantile at 0.975, for CONFIDENCE_LEVEL. */
export const NORMAL_QUANTILE_95 = 1.959963984540054;

export type Interval = { readonly low: number; readonly high: number };
