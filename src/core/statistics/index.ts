/** Pure statistics: summaries, intervals and paired tests. */
export { mean, median, quantile } from './summary.ts';
export type { Interval } from './interval.ts';
export { proportion } from './proportion.ts';
export type { Proportion } from './proportion.ts';
export { mcnemarClustered, mcnemarExact } from './mcnemar.ts';
export { bootstrapMeans, pairedBootstrapDifferences } from './bootstrap.ts';
export { CROSSED_RESAMPLES, crossedDifferences, crossedMeans } from './crossed-bootstrap.ts';
export type { Runs } from './crossed-bootstrap.ts';
export { holmAdjusted } from './holm.ts';
export { atIsotonic, isotonicSteps } from './isotonic.ts';
