/** Measuring: benchmarks as data, predictions to outcomes, metrics with intervals, paired tests, reports. */
export { BENCHMARKS, findBenchmark, requireBenchmark } from './benchmarks.ts';
export type { Benchmark } from './benchmarks.ts';
export { readBenchmark } from './benchmark-images.ts';
export type { BenchmarkImage, BenchmarkImages } from './benchmark-images.ts';

export { evaluate, RUN_FILES } from './evaluate.ts';
export type { Evaluated, EvaluateOptions, Progress } from './evaluate.ts';

export { FAILURE_POLICIES, MISSING_POLICIES, scoreFile } from './score-file.ts';
export type { FailurePolicy, MissingPolicy, ScoredFile, ScoreOptions } from './score-file.ts';
export { SOURCES } from './read-outcome.ts';
export type { Source } from './read-outcome.ts';
export { createJudge } from './judge.ts';
export type { Judge } from './judge.ts';
export type { Observation, Outcome, Scene, Truth } from './outcome.ts';

export { measure } from './metrics.ts';
export type { Accuracy, Metrics } from './metrics.ts';
export { breakDown } from './breakdown.ts';
export { calibrate } from './calibration.ts';
export type { Calibration } from './calibration.ts';
export { compare } from './compare.ts';
export type { Comparison } from './compare.ts';
export { geoScore, LEVELS, THRESHOLDS_KM } from './thresholds.ts';
export type { ThresholdKm } from './thresholds.ts';

export { reportOf } from './report/report.ts';
export type { Report, Summary } from './report/report.ts';
export { table2Rows } from './report/table2.ts';
export type { TableRow } from './report/table2.ts';
export { htmlReport } from './report/html.ts';
export { markdownReport } from './report/markdown.ts';
export { terminalReport } from './report/terminal.ts';
export { PAPER_SOURCE, TABLE_1, TABLE_2, TABLE_3, TABLE_4, TABLE_5 } from './paper-tables.ts';
