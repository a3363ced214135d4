/**
 * Results of `globe reproduce`, table by table, as plain data. They are committed as result files. Pages and Markdown
 * are made from them. Shares and probabilities are in [0, 1]. The paper's numbers are percentages as printed, in
 * separate fields (`paper`).
 */
import type { Table1Row } from '../curation/dataset/table1.ts';
import type { Variances } from './power.ts';
import type { Proportion } from '../core/statistics/index.ts';
import type { Machine } from '../storage/provenance.ts';

/** The paper's five tables, doses of errors in the curated set, and variations of the number of images. */
export const TABLES = ['table1', 'table2', 'table3', 'table4', 'table5', 'doses', 'variations'] as const;
/**
 * The registered comparison, on test photos and with the seeds of the registration; its pilot is measured on validation
 * photos and decides the number of those seeds.
 */
export const COMPARISONS = ['registered', 'pilot'] as const;
export type TableName = (typeof TABLES)[number] | (typeof COMPARISONS)[number];

/**
 * Both benchmarks use the same answers. `localizable` excludes photos that show nothing of their country; it replaces
 * the paper's filtered MP16-Reason-Test. `all` is the whole test split; it replaces IM2GPS3K.
 */
export const BENCHMARKS = ['localizable', 'all'] as const;
/** The localizable photos, split by whether the curated sets show their city. */
export const SPLITS = ['tuned cities', 'untuned cities'] as const;
export type BenchmarkName = (typeof BENCHMARKS)[number] | (typeof SPLITS)[number];

/** A mean over photos and training seeds with its 95 % interval. */
export type Estimate = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The value of each seed, in the order of the row's `runs`. */
  readonly perSeed: readonly number[];
};

export type ThresholdEstimate = Estimate & { readonly thresholdKm: number };

/** Number of answers with each outcome, over all seeds. */
export type OutcomeCounts = Readonly<
  Record<'located' | 'refused' | 'unparseable' | 'notGeocodable' | 'failed', number>
>;

/**
 * Mean number of things that a reasoning names, and mean number of named things that the photo does not show. The
 * visual reward's matcher decides what the photo shows.
 */
export type ReasoningMeasures = {
  readonly entities: Estimate;
  /** Named things that are not among the photo's elements, per reasoning. */
  readonly hallucinated: Estimate;
};

/** Results of answering only the most localizable photos. Risk is the share of misses among the answered photos. */
export type RiskCoverage = {
  readonly thresholdKm: number;
  /** Name of the score by which the photos are ordered. */
  readonly confidence: string;
  /** Means over seeds, in ascending order of coverage. The last coverage is 1. */
  readonly points: readonly { readonly coverage: number; readonly risk: number }[];
  /** Area under the curve; smaller is better. */
  readonly area: number;
  /** Area for a random order of the photos, which is the risk at full coverage. */
  readonly areaOfChance: number;
  /** Area for the best possible order of the same answers. */
  readonly areaOfOracle: number;
};

export type Measures = {
  /** Number of photos; every seed answers all of them. */
  readonly n: number;
  /** At 1, 25, 200, 750 and 2500 km; an answer without a position is a miss. */
  readonly accuracy: readonly ThresholdEstimate[];
  readonly countryMatch: Estimate;
  readonly cityMatch: Estimate;
  readonly outcomes: OutcomeCounts;
  /** Absent for methods that write no reasoning. */
  readonly reasoning?: ReasoningMeasures;
  /** Absent without a judge or without reasonings. */
  readonly riskCoverage?: RiskCoverage;
};

/** One measured model of a row, and its training if it has one. Folders are relative to the table's `runsFolder`. */
export type ArmRun = {
  /** Seed of the training; null for arms without training (a base, an annotator). */
  readonly seed: number | null;
  /** Folder with metrics.jsonl and samples.jsonl; absent without training. */
  readonly training?: string;
  /** Folder with predictions.jsonl. */
  readonly evaluation: string;
  readonly trainingSeconds?: number;
  readonly evaluationSeconds: number;
  readonly steps?: number;
  /** Why the training stopped early. */
  readonly stopped?: string;
};

/** A row of the paper's table. */
export type PaperRow = {
  readonly label: string;
  /** For each of the paper's benchmarks, percentages at 1, 25, 200, 750 and 2500 km; null if the paper gives none. */
  readonly accuracyPercent: Readonly<Record<string, readonly number[] | null>>;
};

/** Measures by benchmark; a split is absent where the photos do not record their split. */
export type ArmMeasures = Readonly<
  Record<(typeof BENCHMARKS)[number], Measures> & Partial<Record<(typeof SPLITS)[number], Measures>>
>;

/** The measures on a benchmark. Throws a RangeError if the photos do not record this split. */
export function measuresOn(measures: ArmMeasures, benchmark: BenchmarkName): Measures {
  const found = measures[benchmark];
  if (found === undefined) throw new RangeError(`The photos of this result are not split by ${benchmark}.`);
  return found;
}

export type ArmRow = {
  /** Stable name, such as 'base-vit' or 'grpo-vit-full-loc-vgc-ga'. Paired tests refer to arms by it. */
  readonly arm: string;
  readonly label: string;
  /** Heading of a group of rows, if the table has groups. */
  readonly group?: string;
  readonly runs: readonly ArmRun[];
  readonly measures: ArmMeasures;
  /** Time of training and evaluation, for all seeds together. */
  readonly wallSeconds: number;
  /** Notes for readers of this row. */
  readonly notes: readonly string[];
  /** The corresponding row of the paper, measured with another model, other photos and another protocol. */
  readonly paper?: PaperRow;
};

export type TestedMeasure =
  | { readonly kind: 'accuracy'; readonly thresholdKm: number }
  /** Hallucinated entities per reasoning. A negative difference is better. */
  | { readonly kind: 'hallucinated' };

/** A test of two arms on the same photos. Differences are b − a. */
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
  /** Two-sided p-value, from the same bootstrap as the interval. */
  readonly p: number;
  /** p after Holm's correction for all tests of this table. */
  readonly pAdjusted: number;
  readonly n: number;
  readonly seeds: { readonly a: number; readonly b: number };
  /** What the comparison could find; absent if neither arm has two training seeds. */
  readonly power?: {
    /** The smallest true difference that a registered test of this size finds with a probability of 80 %. */
    readonly detectable: number;
    /** Variances of the difference between one run of each arm, and between photos. */
    readonly variances: Variances;
  };
  /** Exact McNemar tests of accuracy, one per seed. A run without a seed is paired with each run of the other arm. */
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
  /** Warning that the photos are drawings of a generated world. Every page with numbers shows it. */
  readonly caution: string;
  readonly protocol: readonly ProtocolLine[];
  /**
   * Machines of all units of this result, including shared units. The number of cores that a unit used is not recorded.
   */
  readonly machines: readonly MachineOfUnits[];
  readonly versions: Readonly<Record<string, string>>;
  /** The folder of runs that `folder` fields are relative to. */
  readonly runsFolder: string;
  /** Time of all units of this result, including shared units. */
  readonly wallSeconds: number;
};

export type AccuracyTable = Common & {
  readonly kind: 'accuracy';
  /** Benchmarks of the table, in the order of the paper's columns. */
  readonly benchmarks: readonly BenchmarkName[];
  readonly rows: readonly ArmRow[];
  readonly tests: readonly PairedTest[];
  /** The ideal observer within 25 km on the same photos: the ceiling of models that read the visible cues. */
  readonly ceiling?: Readonly<Partial<Record<BenchmarkName, Proportion>>>;
  /** The paper's complete table, with its protocol; absent if the paper has no such table. */
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
   * Share of the set's reasonings with a wrong place, an invented thing, or either. These shares are known because the
   * world is generated.
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
  /** Why the training stopped early. */
  readonly stopped?: string;
  /** True for the variant that places the most photos within 25 km, among the variants of its method and backbone. */
  readonly chosen: boolean;
};

export type SearchResult = Omit<Common, 'table'> & { readonly kind: 'search'; readonly rows: readonly SearchRow[] };

/** The page with all tables of one call. */
export const PAGE_FILE = 'reproduce-miniature.html';

/** File names of a table's results: `reproduce-miniature-table3.json` and `.md`. */
export const resultFile = (table: TableName | 'search', extension: 'json' | 'md'): string =>
  `reproduce-miniature-${table}.${extension}`;

/** A line of an evaluation unit's predictions.jsonl. */
export type PredictionLine = {
  readonly id: string;
  /** The raw answer; absent for methods that write no text. */
  readonly completion?: string;
  readonly outcome: 'located' | 'refused' | 'unparseable' | 'notGeocodable' | 'failed';
  /** Distance from the answer to the true place; absent unless the outcome is 'located'. */
  readonly distanceKm?: number;
  readonly latitudeDegrees?: number;
  readonly longitudeDegrees?: number;
  readonly countryMatch: boolean;
  readonly cityMatch: boolean;
  /** True if the curated sets show photos of the city; absent in worlds whose training shows the same cities. */
  readonly tunedCity?: boolean;
  /** Things that the reasoning names; absent without a reasoning. */
  readonly entities?: readonly { readonly text: string; readonly shown: boolean }[];
  /** The judge's P(yes) for photo and reasoning. */
  readonly localizability?: number;
  /** True for photos of the benchmark `localizable`. */
  readonly localizable: boolean;
  readonly owner: string;
  readonly truth: { readonly country: string; readonly city: string };
};
