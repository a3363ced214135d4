/**
 * The results of `globe reproduce` for each table, as plain data. They are committed as result files, from which pages
 * and Markdown are made. Shares and probabilities are in [0, 1]. The paper's numbers are in separate fields (`paper`),
 * as percentages as printed.
 */
import type { Table1Row } from '../curation/dataset/table1.ts';
import type { Variances } from './power.ts';
import type { Proportion } from '../core/statistics/index.ts';
import type { Machine } from '../storage/provenance.ts';

/**
 * The paper's five tables, and two of our own: with doses of errors in the curated set, and with different numbers of
 * training images.
 */
export const TABLES = ['table1', 'table2', 'table3', 'table4', 'table5', 'doses', 'variations'] as const;
/**
 * The registered comparison and its pilot. The registered comparison uses test photos and the seeds of the
 * registration. The pilot uses validation photos, and determined the number of these seeds.
 */
export const COMPARISONS = ['registered', 'pilot'] as const;
export type TableName = (typeof TABLES)[number] | (typeof COMPARISONS)[number];

/**
 * Benchmarks. Both use the same answers. `localizable` replaces the paper's filtered MP16-Reason-Test: it excludes
 * photos that show nothing of their country. `all` replaces IM2GPS3K: it is the whole test split.
 */
export const BENCHMARKS = ['localizable', 'all'] as const;
/** Parts of the benchmark `localizable`. Tuned cities are those that the curated sets show. */
export const SPLITS = ['tuned cities', 'untuned cities'] as const;
export type BenchmarkName = (typeof BENCHMARKS)[number] | (typeof SPLITS)[number];

/** A mean over photos and training seeds, with its 95 % interval. */
export type Estimate = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The value for each seed, in the order of the row's `runs`. */
  readonly perSeed: readonly number[];
};

export type ThresholdEstimate = Estimate & { readonly thresholdKm: number };

/** Number of answers with each outcome, over all seeds. */
export type OutcomeCounts = Readonly<
  Record<'located' | 'refused' | 'unparseable' | 'notGeocodable' | 'failed', number>
>;

/**
 * Mean number of things that a method's reasoning texts name, and mean number of those named things that the photo does
 * not show. The matcher of the visual reward decides what the photo shows.
 */
export type ReasoningMeasures = {
  readonly entities: Estimate;
  /** Named things that are not among the photo's elements, per reasoning text. */
  readonly hallucinated: Estimate;
};

/**
 * Results of answering only the most localizable photos. Risk is the share of wrong answers among the answered photos.
 */
export type RiskCoverage = {
  readonly thresholdKm: number;
  /** Name of the score that orders the photos. */
  readonly confidence: string;
  /** Points in ascending order of coverage, averaged over seeds. The last point has coverage 1. */
  readonly points: readonly { readonly coverage: number; readonly risk: number }[];
  /** Area under the curve. Smaller is better. */
  readonly area: number;
  /** Area under the curve for a random order of the photos, which is the risk at full coverage. */
  readonly areaOfChance: number;
  /** Area under the curve for the best possible order of the photos. */
  readonly areaOfOracle: number;
};

export type Measures = {
  /** Number of photos. Every seed answers all of them. */
  readonly n: number;
  /** Accuracy at 1, 25, 200, 750 and 2500 km. An answer without a position is wrong. */
  readonly accuracy: readonly ThresholdEstimate[];
  readonly countryMatch: Estimate;
  readonly cityMatch: Estimate;
  readonly outcomes: OutcomeCounts;
  /** Absent for methods that write no reasoning text. */
  readonly reasoning?: ReasoningMeasures;
  /** Absent if there is no judge or no reasoning text. */
  readonly riskCoverage?: RiskCoverage;
};

/**
 * One measured model of a row, with its training if it was trained. Folders are relative to the table's `runsFolder`.
 */
export type ArmRun = {
  /** Seed of the training. Null for arms without training (a base, an annotator). */
  readonly seed: number | null;
  /** Folder with metrics.jsonl and samples.jsonl. Absent for arms without training. */
  readonly training?: string;
  /** Folder with predictions.jsonl. */
  readonly evaluation: string;
  readonly trainingSeconds?: number;
  readonly evaluationSeconds: number;
  readonly steps?: number;
  /** The reason why the training stopped early, if it did. */
  readonly stopped?: string;
};

/** A row of one of the paper's tables. */
export type PaperRow = {
  readonly label: string;
  /** For each of the paper's benchmarks, percentages at 1, 25, 200, 750 and 2500 km. Null if the paper has none. */
  readonly accuracyPercent: Readonly<Record<string, readonly number[] | null>>;
};

/**
 * Measures by benchmark. The measures for tuned and untuned cities are absent if the predictions do not record which
 * cities are tuned.
 */
export type ArmMeasures = Readonly<
  Record<(typeof BENCHMARKS)[number], Measures> & Partial<Record<(typeof SPLITS)[number], Measures>>
>;

/** Returns the measures on a benchmark. Throws a RangeError if they are absent. */
export function measuresOn(measures: ArmMeasures, benchmark: BenchmarkName): Measures {
  const found = measures[benchmark];
  if (found === undefined) throw new RangeError(`The photos of this result are not split by ${benchmark}.`);
  return found;
}

export type ArmRow = {
  /** Stable name, such as 'base-vit' or 'grpo-vit-full-loc-vgc-ga'. Paired tests refer to arms by this name. */
  readonly arm: string;
  readonly label: string;
  /** Heading of the group of rows that this row belongs to, if the table has groups. */
  readonly group?: string;
  readonly runs: readonly ArmRun[];
  readonly measures: ArmMeasures;
  /** Time of training and evaluation, summed over all seeds. */
  readonly wallSeconds: number;
  /** Notes for readers of this row. */
  readonly notes: readonly string[];
  /**
   * The corresponding row of the paper. It was measured with another model, on other photos and with another protocol.
   */
  readonly paper?: PaperRow;
};

export type TestedMeasure =
  | { readonly kind: 'accuracy'; readonly thresholdKm: number }
  /** Hallucinated things per reasoning text. A negative difference is an improvement. */
  | { readonly kind: 'hallucinated' };

/** A test of two arms, a and b, on the same photos. Differences are b − a. */
export type PairedTest = {
  readonly a: string;
  readonly b: string;
  readonly benchmark: BenchmarkName;
  readonly measure: TestedMeasure;
  readonly question: string;
  /** Mean of b minus mean of a. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided p-value from the bootstrap that also gives the interval. */
  readonly p: number;
  /** p-value after Holm's correction for all tests of the table. */
  readonly pAdjusted: number;
  readonly n: number;
  readonly seeds: { readonly a: number; readonly b: number };
  /** The power of the comparison. Absent if neither arm has two training seeds. */
  readonly power?: {
    /** The smallest true difference that a registered test of this size detects with a probability of 80 %. */
    readonly detectable: number;
    /** Variance of the difference between training seeds, and between photos. */
    readonly variances: Variances;
  };
  /**
   * Exact McNemar tests of accuracy, one per seed. If one arm has a single run without a seed, this run is paired with
   * each run of the other arm.
   */
  readonly mcnemar: readonly {
    readonly seed: number | null;
    readonly onlyA: number;
    readonly onlyB: number;
    readonly p: number;
  }[];
};

/** A line of the protocol of the measurements. */
export type ProtocolLine = { readonly label: string; readonly text: string };

/** A machine, and the number of units that ran on it. */
export type MachineOfUnits = { readonly machine: Machine; readonly units: number };

type Common = {
  readonly table: TableName;
  readonly title: string;
  readonly scale: 'miniature';
  /** A warning that the photos are drawings of a generated world. Every page with numbers shows it. */
  readonly caution: string;
  readonly protocol: readonly ProtocolLine[];
  /**
   * Machines of all units of this result, including units that other results share. The number of cores that a unit
   * used is not recorded.
   */
  readonly machines: readonly MachineOfUnits[];
  readonly versions: Readonly<Record<string, string>>;
  /** Folder of runs. All `folder` fields are relative to it. */
  readonly runsFolder: string;
  /** Total time of all units of this result, including units that other results share. */
  readonly wallSeconds: number;
};

export type AccuracyTable = Common & {
  readonly kind: 'accuracy';
  /** Benchmarks of the table, in the order of the paper's columns. */
  readonly benchmarks: readonly BenchmarkName[];
  readonly rows: readonly ArmRow[];
  readonly tests: readonly PairedTest[];
  /**
   * Accuracy of the ideal observer within 25 km on the same photos. It is the upper limit for models that read the
   * visible cues.
   */
  readonly ceiling?: Readonly<Partial<Record<BenchmarkName, Proportion>>>;
  /** The paper's complete table, with its protocol. Absent if the paper has no corresponding table. */
  readonly paper?: { readonly source: string; readonly protocol: string; readonly rows: readonly PaperRow[] };
};

export type StatisticsRow = {
  readonly set: string;
  readonly label: string;
  readonly split: 'train' | 'test';
  readonly statistics: Table1Row;
  /** Folder of the unit that made this set. */
  readonly folder: string;
  readonly wallSeconds: number;
  readonly notes: readonly string[];
  /**
   * Share of the set's reasoning texts with a wrong place, with an invented thing, or with either. The errors are
   * known, because the world is generated.
   */
  readonly errors?: Readonly<Record<'wrongPlace' | 'hallucination' | 'either', { share: number; n: number } | null>>;
};

export type StatisticsTable = Common & {
  readonly kind: 'statistics';
  readonly rows: readonly StatisticsRow[];
  readonly paper: {
    readonly source: string;
    readonly columns: readonly string[];
    readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[];
  };
};

export type TableResult = AccuracyTable | StatisticsTable;

/** Measures of one search variant on the validation photos. */
export type SearchRow = {
  readonly method: 'base' | 'sft' | 'grpo';
  readonly backbone: string;
  /** Fields of the recipe that this variant sets. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly measures: Measures;
  readonly trainingSeconds?: number;
  /** The reason why the training stopped early, if it did. */
  readonly stopped?: string;
  /** True if this variant places more photos within 25 km than all other variants of its method and backbone. */
  readonly chosen: boolean;
};

export type SearchResult = Omit<Common, 'table'> & { readonly kind: 'search'; readonly rows: readonly SearchRow[] };

/** File name of the page with all tables of one call. */
export const PAGE_FILE = 'reproduce-miniature.html';

/** Returns a result file's name, such as `reproduce-miniature-table3.json` or `reproduce-miniature-table3.md`. */
export const resultFile = (table: TableName | 'search', extension: 'json' | 'md'): string =>
  `reproduce-miniature-${table}.${extension}`;

/** A line of predictions.jsonl, which an evaluation unit writes. */
export type PredictionLine = {
  readonly id: string;
  /** The raw answer. Absent for methods that write no text. */
  readonly completion?: string;
  readonly outcome: 'located' | 'refused' | 'unparseable' | 'notGeocodable' | 'failed';
  /** Distance from the answer to the true place. Absent unless the outcome is 'located'. */
  readonly distanceKm?: number;
  readonly latitudeDegrees?: number;
  readonly longitudeDegrees?: number;
  readonly countryMatch: boolean;
  readonly cityMatch: boolean;
  /** True if the curated sets show the photo's city. Absent if the curated sets show all cities. */
  readonly tunedCity?: boolean;
  /** Things that the reasoning text names. Absent if there is no reasoning text. */
  readonly entities?: readonly { readonly text: string; readonly shown: boolean }[];
  /** The judge's P(yes) for the photo and the reasoning text. */
  readonly localizability?: number;
  /** True if the photo belongs to the benchmark `localizable`. */
  readonly localizable: boolean;
  readonly owner: string;
  readonly truth: { readonly country: string; readonly city: string };
};
