/**
 * Content of a page about trainings, as plain data: `globe start` and `globe reproduce` fill it from their runs, and the
 * page omits parts without data. Shares are in [0, 1]; numbers are not rounded.
 */
import type { Interval } from '../../core/statistics/index.ts';
import type { ThresholdKm } from '../../evaluation/thresholds.ts';
import type { RiskCoverage } from '../results.ts';
import type { TrainingCurve } from './training-curve.ts';

export type Estimate = { readonly value: number } & Interval;

/** A published number without an interval, or a measured number with one. */
export type Cell = { readonly value: number } & Partial<Interval>;

export type Thresholds = Readonly<Record<ThresholdKm, Estimate>>;

/** One method on one set of photos. */
export type ArmAccuracy = {
  readonly arm: string;
  /** Photos in the denominator. */
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

/** Two methods on the same photos; `second` minus `first` in percentage points. */
export type Difference = {
  readonly first: string;
  readonly second: string;
  readonly benchmark: string;
  readonly n: number;
  readonly thresholds: readonly ({
    readonly thresholdKm: number;
    readonly differencePoints: number;
    /** p of the bootstrap, corrected for the five thresholds by Holm's method. */
    readonly pAdjusted: number;
  } & Interval)[];
};

/** Abstention: the risk among the photos that are answered, most localizable first. */
export type RiskCurve = { readonly arm: string; readonly n: number } & RiskCoverage;

/** Things that reasonings name, and those that their photos do not show. */
export type Hallucination = {
  readonly arm: string;
  /** Whether training used the visual grounding reward; null without rewards. */
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
  /** The place in the answer, such as "Prague, Czechia", or words for an answer without a place. */
  readonly place: string;
  /** Great-circle distance to the truth; absent without a position. */
  readonly distanceKm?: number;
  /** Named things that the photo does not show. */
  readonly hallucinated: readonly string[];
};

export type Example = {
  readonly id: string;
  readonly image: { readonly bytes: Uint8Array; readonly mediaType: string };
  readonly truth: string;
  readonly answers: readonly ExampleAnswer[];
};

export type TableLine = { readonly label: string; readonly note?: string; readonly cells: readonly (Cell | null)[] };

/** The answer of a paired test to a question. */
export type Finding = {
  readonly question: string;
  /** "GRPO minus base, within 25 km". */
  readonly compared: string;
  readonly difference: Estimate;
  /** Percentage points, or things per reasoning, for which less is better. */
  readonly unit: 'points' | 'things';
  readonly pAdjusted: number;
};

/** A table of the paper, measured in the generated world and as published, always as two tables. */
export type ComparedTable = {
  readonly title: string;
  readonly question: string;
  /** Unit of the cells: shares, printed in percent, or counts. */
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
  /** Why the numbers are not about real photos. */
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
