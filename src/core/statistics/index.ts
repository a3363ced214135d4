/** Pure statistics: summaries, intervals and paired tests. */
export { mean, median, quantile, standardError } from './summary.ts';
export { CONFIDENCE_LEVEL } from './interval.ts';
export type { Interval } from './interval.ts';
export { proportion } from './proportion.ts';
export type { Proportion } from './proportion.ts';
export { mcnemarClustered, mcnemarExact } from './mcnemar.ts';
export { BOOTSTRAP_RESAMPLES, bootstrapMean, bootstrapMeans, pairedBootstrapDifferences } from './bootstrap.ts';
export { CROSSED_RESAMPLES, crossedDifferences, crossedMeans } from './crossed-bootstrap.ts';
export type { CrossedDifference, CrossedOptions, Runs } from './crossed-bootstrap.ts';
export { holmAdjusted } from './holm.ts';
