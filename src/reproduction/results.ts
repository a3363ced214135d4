/**
 * What `globe reproduce` measures, table by table, as plain data: the committed result files, and what pages and
 * Markdown are made from. Shares and probabilities are in [0, 1]; the paper's numbers are percentages as printed, and stand
 * in fields of their own (`paper`), never among the measured ones.
 */
import type { Table1Row } from '../curation/dataset/table1.ts';
import type { Machine } from '../storage/provenance.ts';

/** The paper's five, and how the comparison moves with the number of images and the teachers' errors. */
export const TABLES = ['table1', 'table2', 'table3', 'table4', 'table5', 'variations'] as const;
export type TableName = (typeof TABLES)[number];

/**
 * Two denominators over the same answers: `localizable` leaves out photos that show nothing of their country and stands
 * where the filtered MP16-Reason-Test stands in the paper; `all` is the whole test split, where IM2GPS3K stands.
 */
export const BENCHMARKS = ['localizable', 'all'] as const;
export type BenchmarkName = (typeof BENCHMARKS)[number];

/** A mean over photos and training seeds with its 95 % interval. */
export type Estimate = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The value of each seed, in the order of the row's `runs`. */
  readonly perSeed: readonly number[];
};

export type ThresholdEstimate = Estimate & { readonly thresholdKm: number };

/** Counts over all answers of all seeds. */
export type OutcomeCounts = Readonly<
  Record<'located' | 'refused' | 'unparseable' | 'notGeocodable' | 'failed', number>
>;

/** What reasonings name, and how much of it the photo does not show (by the visual reward's own matcher). */
export type ReasoningMeasures = {
  readonly entities: Estimate;
  /** Named things that are not among the photo's elements, per reasoning. */
  readonly hallucinated: Estimate;
};

/** Answering only the photos whose localizability is highest: risk is the share of misses among them. */
export type RiskCoverage = {
  readonly thresholdKm: number;
  /** What photos are ordered by. */
  readonly confidence: string;
  /** Means over seeds; coverage ascending to 1. */
  readonly points: readonly { readonly coverage: number; readonly risk: number }[];
  /** Area under the curve; smaller is better. */
  readonly area: number;
  /** What an order by chance has: the risk at full coverage. */
  readonly areaOfChance: number;
  /** The best possible order of the same answers. */
  readonly areaOfOracle: number;
};

export type Measures = {
  /** Photos. Every seed answers all of them. */
  readonly n: number;
  /** At 1, 25, 200, 750 and 2500 km; whatever has no position is a miss. */
  readonly accuracy: readonly ThresholdEstimate[];
  readonly countryMatch: Estimate;
  readonly cityMatch: Estimate;
  readonly outcomes: OutcomeCounts;
  /** Absent for methods that write no reasoning. */
  readonly reasoning?: ReasoningMeasures;
  /** Absent without a judge or without reasonings. */
  readonly riskCoverage?: RiskCoverage;
};

/** One trained and measured model behind a row. Folders are relative to the table's `runsFolder`. */
export type ArmRun = {
  /** Of the training; null where nothing was trained with a seed (a base, an annotator). */
  readonly seed: number | null;
  /** Holds metrics.jsonl and samples.jsonl; absent where nothing was trained. */
  readonly training?: string;
  /** Holds predictions.jsonl. */
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
  /** Percent at 1, 25, 200, 750 and 2500 km by the paper's benchmark; null where the paper has none. */
  readonly accuracyPercent: Readonly<Record<string, readonly number[] | null>>;
};

export type ArmRow = {
  /** Stable: 'base-vit', 'grpo-vit-full-loc-vgc-ga'. Paired tests name arms by it. */
  readonly arm: string;
  readonly label: string;
  /** Heading of a group of rows, where the table has groups. */
  readonly group?: string;
  readonly runs: readonly ArmRun[];
  readonly measures: Readonly<Record<BenchmarkName, Measures>>;
  /** Training and evaluation of all seeds. */
  readonly wallSeconds: number;
  /** What a reader must know of this row. */
  readonly notes: readonly string[];
  /** The row of the paper that this one stands beside: another model, other photos, another protocol. */
  readonly paper?: PaperRow;
};

export type TestedMeasure =
  | { readonly kind: 'accuracy'; readonly thresholdKm: number }
  /** Hallucinated entities per reasoning: here a negative difference is the better one. */
  | { readonly kind: 'hallucinated' };

/** Two arms on the same photos: b minus a. */
export type PairedTest = {
  readonly a: string;
  readonly b: string;
  readonly benchmark: BenchmarkName;
  readonly measure: TestedMeasure;
  readonly question: string;
  /** b − a. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided, from the bootstrap that the interval comes from. */
  readonly p: number;
  /** The same, corrected for all tests of this table by Holm's method. */
  readonly pAdjusted: number;
  readonly n: number;
  readonly seeds: { readonly a: number; readonly b: number };
  /** Exact McNemar test of each pair of seeds, in order; for accuracy alone. An arm without seeds meets each of the other's. */
  readonly mcnemar: readonly {
    readonly seed: number | null;
    readonly onlyA: number;
    readonly onlyB: number;
    readonly p: number;
  }[];
};

/** How the numbers came to be, one line each. */
export type ProtocolLine = { readonly label: string; readonly text: string };

/** A machine, and how many of the units were made on it. */
export type MachineOfUnits = { readonly machine: Machine; readonly units: number };

type Common = {
  readonly table: TableName;
  readonly title: string;
  readonly scale: 'miniature';
  /** That these are drawings of a generated world. Every page that shows a number shows it. */
  readonly caution: string;
  readonly protocol: readonly ProtocolLine[];
  /** Where its units were made, shared ones included; which of its cores a unit had, only its process knows. */
  readonly machines: readonly MachineOfUnits[];
  readonly versions: Readonly<Record<string, string>>;
  /** The folder of runs that `folder` fields are relative to. */
  readonly runsFolder: string;
  /** Of all units that the table rests on, shared ones included. */
  readonly wallSeconds: number;
};

export type AccuracyTable = Common & {
  readonly kind: 'accuracy';
  readonly rows: readonly ArmRow[];
  readonly tests: readonly PairedTest[];
  /** The paper's table in full, with its own protocol; absent where the paper has none. */
  readonly paper?: { readonly source: string; readonly protocol: string; readonly rows: readonly PaperRow[] };
};

export type StatisticsRow = {
  readonly set: string;
  readonly label: string;
  readonly split: 'train' | 'test';
  readonly statistics: Table1Row;
  /** The folder of the unit that made it. */
  readonly folder: string;
  readonly wallSeconds: number;
  readonly notes: readonly string[];
  /** Kept reasonings with a wrong place, with an invented thing, with either; known because the world is generated. */
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

/** One variant of the search on the validation photos. */
export type SearchRow = {
  readonly method: 'base' | 'sft' | 'grpo';
  readonly backbone: string;
  /** Fields of the recipe that this variant sets. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly measures: Measures;
  readonly trainingSeconds?: number;
  /** Why the training stopped early. */
  readonly stopped?: string;
  /** The best of its method and backbone within 25 km. */
  readonly chosen: boolean;
};

export type SearchResult = Omit<Common, 'table'> & { readonly kind: 'search'; readonly rows: readonly SearchRow[] };

/** The page of all tables of one call. */
export const PAGE_FILE = 'reproduce-miniature.html';

/** File names of a table's results: `reproduce-miniature-table3.json` and `.md`. */
export const resultFile = (table: TableName | 'search', extension: 'json' | 'md'): string =>
  `reproduce-miniature-${table}.${extension}`;

/** A line of an evaluation unit's predictions.jsonl. */
export type PredictionLine = {
  readonly id: string;
  /** The raw answer; absent for methods that write none. */
  readonly completion?: string;
  readonly outcome: 'located' | 'refused' | 'unparseable' | 'notGeocodable' | 'failed';
  /** Absent unless located. */
  readonly distanceKm?: number;
  readonly latitudeDegrees?: number;
  readonly longitudeDegrees?: number;
  readonly countryMatch: boolean;
  readonly cityMatch: boolean;
  /** Things that the reasoning names; absent where there is no reasoning. */
  readonly entities?: readonly { readonly text: string; readonly shown: boolean }[];
  /** The judge's P(yes) for photo and reasoning. */
  readonly localizability?: number;
  /** Part of the benchmark `localizable`. */
  readonly localizable: boolean;
  readonly owner: string;
  readonly truth: { readonly country: string; readonly city: string };
};
