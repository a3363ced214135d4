/** The bounds of a confidence interval, and the level that all intervals of the project use. */

/** Coverage of every reported interval. */
export const CONFIDENCE_LEVEL = 0.95;

/** The standard normal quantile at 0.975, for CONFIDENCE_LEVEL. */
export const NORMAL_QUANTILE_95 = 1.959963984540054;

export type Interval = { readonly low: number; readonly high: number };
