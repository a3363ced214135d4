/**
 * Content of a page about trainings, as plain data. `globe start` and `globe reproduce` fill it from their runs. The
 * page omits parts without data. Shares are in [0, 1]. Numbers are not rounded.
 */
import type { Interval } from '../../core/statistics/index.ts';
import type { ThresholdKm } from '../../evaluation/thresholds.ts';
import type { RiskCoverage } from '../results.ts';
import type { TrainingCurve } from './training-curve.ts';

export type Estimate = { readonly value: number } & Interval;

/** A measured number with its interval, or a published number without one. */
export type Cell = { readonly value: number } & Partial<Interval>;

export type Thresholds = Readonly<Record<ThresholdKm, Estimate>>;

/** Accuracy of one method on one set of photos. */
export type ArmAccuracy = {
  readonly arm: string;
  /** Number of photos that the shares refer to. */
  readonly n: number;
  /** Number of trainings with different seeds that the estimate averages over. */
  readonly runs: number;
  readonly accuracy: Thresholds;
};

export type Benchmark = {
  readonly name: string;
  /** A sentence about the photos. */
  readonly description: string;
  readonly arms: readonly ArmAccuracy[];
};

/** Difference of two methods on the same photos: `second` minus `first`, in percentage points. */
export type Difference = {
  readonly first: string;
  readonly second: string;
  readonly benchmark: string;
  readonly n: number;
  readonly thresholds: readonly ({
    readonly thresholdKm: number;
    readonly differencePoints: number;
    /** The bootstrap's p-value, corrected for the five thresholds by Holm's method. */
    readonly pAdjusted: number;
  } & Interval)[];
};

/** The risk as a function of the share of answered photos, when the most localizable photos are answered first. */
export type RiskCurve = { readonly arm: string; readonly n: number } & RiskCoverage;

/** Mean number of things that a reasoning names, and mean number of named things that the photo does not show. */
export type Hallucination = {
  readonly arm: string;
  /** Whether training used the visual grounding reward; null for methods without rewards. */
  readonly groundingReward: boolean | null;
  /** Number of photos. */
  readonly n: number;
  /** Means per reasoning. */
  readonly named: Estimate;
  readonly notShown: Estimate;
};

export type ExampleAnswer = {
  readonly arm: string;
  readonly reasoning: string;
  /** The place in the answer, such as "Prague, Czechia". If the answer has no place, a text that says so. */
  readonly place: string;
  /** Great-circle distance from the answer to the photo's true place; absent if the answer has no position. */
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

/** A question, and what a paired test says about it. */
export type Finding = {
  readonly question: string;
  /** The comparison as text: "GRPO minus base, within 25 km". */
  readonly compared: string;
  readonly difference: Estimate;
  /** 'points': percentage points. 'things': hallucinated things per reasoning, where fewer is better. */
  readonly unit: 'points' | 'things';
  readonly pAdjusted: number;
};

/** One of the paper's tables. The rows measured in the generated world and the published rows always stay separate. */
export type ComparedTable = {
  readonly title: string;
  readonly question: string;
  /** Unit of the cells. Shares are printed in percent. */
  readonly unit: 'share' | 'count';
  readonly columns: readonly string[];
  readonly measured: readonly TableLine[];
  readonly published: readonly TableLine[];
  readonly findings: readonly Finding[];
};

export type Fact = { readonly label: string; readonly text: string };

export type PageContent = {
  readonly title: string;
  /** Sentences about the experiment. */
  readonly summary: readonly string[];
  /** Warning that the numbers are not about real photos. */
  readonly caution: string;
  readonly headlines: readonly { readonly value: string; readonly label: string }[];
  /** All methods, in the order of their colours. */
  readonly arms: readonly string[];
  readonly benchmarks: readonly Benchmark[];
  readonly differences: readonly Difference[];
  readonly training: readonly TrainingCurve[];
  readonly risk: readonly RiskCurve[];
  readonly hallucinations: readonly Hallucination[];
  readonly examples: readonly Example[];
  readonly tables: readonly ComparedTable[];
  /** Seeds, recipe, versions, machine, durations. */
  readonly protocol: readonly Fact[];
};
