/** `globe-geolocation/evaluation`: parses answers, scores predictions, runs benchmarks, compares and reports. */
export { type CompletionParts, completionParts, parseAnswer } from '../core/answer-grammar.ts';
export { type Answer } from '../core/answer.ts';

export { type Columns, ROLES } from '../evaluation/columns.ts';
export { type MeasuredOutcome, type Outcome, type Truth } from '../evaluation/outcome.ts';
export { type Source, SOURCES } from '../evaluation/read-outcome.ts';
export {
  FAILURE_POLICIES,
  type FailurePolicy,
  MISSING_POLICIES,
  type MissingPolicy,
  type ScoredFile,
  type ScoreOptions,
  scoreFile,
} from '../evaluation/score-file.ts';

export { type Metrics, measure } from '../evaluation/metrics.ts';
export { geoScore, type ThresholdKm, THRESHOLDS_KM } from '../evaluation/thresholds.ts';

export { type BenchmarkImage, type BenchmarkImages, readBenchmark } from '../evaluation/benchmark-images.ts';
export { type Benchmark, BENCHMARKS } from '../evaluation/benchmarks.ts';
export { type Evaluated, type EvaluateOptions, evaluate } from '../evaluation/evaluate.ts';
export { openRun, type RunFolder } from '../storage/run-folder.ts';

export { type ComparedRun, type Comparison, compare } from '../evaluation/compare.ts';

export { htmlReport } from '../evaluation/report/html.ts';
export { markdownReport } from '../evaluation/report/markdown.ts';
export { type Report, reportOf } from '../evaluation/report/report.ts';
export { type TableRow, table2Rows } from '../evaluation/report/table2.ts';
export { terminalReport } from '../evaluation/report/terminal.ts';
