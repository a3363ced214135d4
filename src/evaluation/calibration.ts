/**
 * Measures how well confidence agrees with accuracy: accuracy by confidence bin, the expected calibration error, and
 * the accuracy of the most confident rows (risk and coverage). A prediction within 25 km (city) counts as correct.
 */
import { mean } from '../core/statistics/index.ts';
import { isHit } from './metrics.ts';
import type { MeasuredOutcome } from './outcome.ts';
import type { ThresholdKm } from './thresholds.ts';

const CALIBRATION_THRESHOLD_KM: ThresholdKm = 25;

const BINS = 10;
const COVERAGES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

export type Calibration = {
  readonly thresholdKm: number;
  /** Number of rows with a confidence. */
  readonly n: number;
  /**
   * Σ over bins of (bin size / n) · |accuracy − mean confidence|, with ten bins of equal width (Guo and others 2017).
   */
  readonly expectedCalibrationError: number;
  readonly bins: readonly {
    readonly low: number;
    readonly high: number;
    readonly n: number;
    readonly confidence: number;
    readonly accuracy: number;
  }[];
  /** Accuracy of the most confident rows. `coverage` is their share of the n rows. */
  readonly coverage: readonly { readonly coverage: number; readonly n: number; readonly accuracy: number }[];
};

/** Returns undefined if no row has a confidence. */
export function calibrate(outcomes: readonly MeasuredOutcome[]): Calibration | undefined {
  const points = outcomes
    .filter((measured) => measured.confidence !== undefined)
    .map((measured) => ({
      confidence: measured.confidence!,
      right: Number(isHit(measured, CALIBRATION_THRESHOLD_KM)),
    }))
    .sort((a, b) => b.confidence - a.confidence);
  const n = points.length;
  if (n === 0) return undefined;
  const members = Map.groupBy(points, ({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)));
  const bins = [...members]
    .sort(([a], [b]) => a - b)
    .map(([index, bin]) => ({
      low: index / BINS,
      high: (index + 1) / BINS,
      n: bin.length,
      confidence: mean(bin.map((point) => point.confidence))!,
      accuracy: mean(bin.map((point) => point.right))!,
    }));
  return {
    thresholdKm: CALIBRATION_THRESHOLD_KM,
    n,
    expectedCalibrationError: bins.reduce((sum, bin) => sum + (bin.n / n) * Math.abs(bin.accuracy - bin.confidence), 0),
    bins,
    coverage: COVERAGES.map((coverage) => {
      const top = points.slice(0, Math.max(1, Math.round(coverage * n)));
      return { coverage, n: top.length, accuracy: mean(top.map((point) => point.right))! };
    }),
  };
}
