/**
 * The content of a page about trainings, as plain data. `globe start` and `globe reproduce` create it from their runs.
 * Parts without data are left out of the page. Shares are in [0, 1]. Numbers are not rounded.
 */
import type { Interval } from '../../core/statistics/index.ts';
import type { ThresholdKm } from '../../evaluation/thresholds.ts';
import type { RiskCoverage } from '../results.ts';
import type { TrainingCurve } from './training-curve.ts';

export type Estimate = { readonly value: number } & Interval;

/** A number in a table. Measured numbers have an interval; published numbers have none. */
export type Cell = { readonly value: number } & Partial<Interval>;

export type Thresholds = Readonly<Record<ThresholdKm, Estimate>>;

/** Accuracy of one method on one set of photos. */
export type ArmAccuracy = {
  readonly arm: string;
  /** Number of photos. All shares are shares of this number. */
  readonly n: number;
  /** Number of trainings with different seeds, over which the estimate averages. */
  readonly runs: number;
  readonly accuracy: Thresholds;
};

export type Benchmark = {
  readonly name: string;
  /** A sentence that describes the photos. */
  readonly description: string;
  readonly arms: readonly ArmAccuracy[];
};

/** Difference between two methods on the same photos: `second` minus `first`, in percentage points. */
export type Difference = {
  readonly first: string;
  readonly second: string;
  readonly benchmark: string;
  readonly n: number;
  readonly thresholds: readonly ({
    readonly thresholdKm: number;
    readonly differencePoints: number;
    /** The bootstrap's p-value, corrected by Holm's method for the tests at all five thresholds. */
    readonly pAdjusted: number;
  } & Interval)[];
};

/**
 * The share of wrong answers (risk), as a function of the share of answered photos. The most localizable photos are
 * answered first.
 */
export type RiskCurve = { readonly arm: string; readonly n: number } & RiskCoverage;

/**
 * Mean number of things that a method's reasoning texts name, and mean number of those named things that the photo does
 * not show.
 */
export type Hallucination = {
  readonly arm: string;
  /** Whether training used the visual grounding reward. Null for methods that use no rewards. */
  readonly groundingReward: boolean | null;
  /** Number of photos. */
  readonly n: number;
  /** Mean number per reasoning text. */
  readonly named: Estimate;
  readonly notShown: Estimate;
};

export type ExampleAnswer = {
  readonly arm: string;
  readonly reasoning: string;
  /** The place in the answer, such as "Prague, Czechia", or a text that says that the answer has no place. */
  readonly place: string;
  /** Great-circle distance from the answer to the photo's true place. Absent if the answer has no position. */
  readonly distanceKm?: number;
  /** Things that the answer names but the photo does not show. */
  readonly hallucinated: readonly string[];
};

export type Example = {
  readonly id: string;
  readonly image: { readonly bytes: Uint8Array; readonly mediaType: string };
  readonly truth: string;
  readonly answers: readonly ExampleAnswer[];
};

export type TableLine = { readonly label: string; readonly note?: string; readonly cells: readonly (Cell | null)[] };

/** A question with the answer of a paired test. */
export type Finding = {
  readonly question: string;
  /** The compared methods, such as "GRPO minus base, within 25 km". */
  readonly compared: string;
  readonly difference: Estimate;
  /** 'points' means percentage points. 'things' means hallucinated things per reasoning text; fewer is better. */
  readonly unit: 'points' | 'things';
  readonly pAdjusted: number;
};

/**
 * One of the paper's tables. Rows that were measured in the generated world and rows that the paper published are
 * always kept apart.
 */
export type ComparedTable = {
  readonly title: string;
  readonly question: string;
  /** Unit of the cells. Shares are shown in percent. */
  readonly unit: 'share' | 'count';
  readonly columns: readonly string[];
  readonly measured: readonly TableLine[];
  readonly published: readonly TableLine[];
  readonly findings: readonly Finding[];
};

export type Fact = { readonly label: string; readonly text: string };

export type PageContent = {
  readonly title: string;
  /** Sentences that describe the experiment. */
  readonly summary: readonly string[];
  /** A warning that the numbers are not about real photos. */
  readonly caution: string;
  readonly headlines: readonly { readonly value: string; readonly label: string }[];
  /** All methods. The order determines their colours. */
  readonly arms: readonly string[];
  readonly benchmarks: readonly Benchmark[];
  readonly differences: readonly Difference[];
  readonly training: readonly TrainingCurve[];
  readonly risk: readonly RiskCurve[];
  readonly hallucinations: readonly Hallucination[];
  readonly examples: readonly Example[];
  readonly tables: readonly ComparedTable[];
  /** Seeds, recipe, versions, machine and durations. */
  readonly protocol: readonly Fact[];
};
