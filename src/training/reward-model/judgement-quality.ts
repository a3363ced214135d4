/** Measures a judge's probabilities: area under the ROC curve with a 95 % interval, and calibration. */
import { mean, quantile } from '../../core/statistics/index.ts';
import { random } from '../../core/random.ts';

export type Judged = {
  readonly probability: number;
  readonly yes: boolean;
  /** The owner of the photo. The bootstrap resamples all judgements of a cluster together. */
  readonly cluster: string;
};

export type Quality = {
  readonly n: number;
  readonly yes: number;
  /** Area under the ROC curve; null if all labels are equal. */
  readonly auc: number | null;
  readonly aucInterval: readonly [number, number] | null;
  readonly expectedCalibrationError: number | null;
};

export type CalibrationBin = {
  readonly from: number;
  readonly n: number;
  readonly meanProbability: number;
  readonly yesShare: number;
};

const BINS = 10;
const RESAMPLES = 500;

/**
 * Returns the probability that a random positive (yes) item ranks above a random negative one. Ties count half. Returns
 * null if all labels are equal.
 */
export function areaUnderCurve(items: readonly Pick<Judged, 'probability' | 'yes'>[]): number | null {
  const order = items.toSorted((a, b) => a.probability - b.probability);
  const yes = items.filter((item) => item.yes).length;
  const no = items.length - yes;
  if (yes === 0 || no === 0) return null;
  let ranks = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && order[end]!.probability === order[start]!.probability) end++;
    for (let i = start; i < end; i++) if (order[i]!.yes) ranks += (start + end + 1) / 2;
    start = end;
  }
  return (ranks - (yes * (yes + 1)) / 2) / (yes * no);
}

/** Returns the calibration curve in ten bins of equal width. Empty bins are omitted. */
export function calibrationCurve(items: readonly Pick<Judged, 'probability' | 'yes'>[]): CalibrationBin[] {
  const bins = Map.groupBy(items, ({ probability }) => Math.min(BINS - 1, Math.floor(probability * BINS)));
  return [...bins]
    .toSorted(([a], [b]) => a - b)
    .map(([bin, inside]) => ({
      from: bin / BINS,
      n: inside.length,
      meanProbability: mean(inside.map(({ probability }) => probability))!,
      yesShare: inside.filter(({ yes }) => yes).length / inside.length,
    }));
}

/** Returns Σ n_b / n · |mean probability − share of yes| over the bins b of the calibration curve. */
export const expectedCalibrationError = (items: readonly Pick<Judged, 'probability' | 'yes'>[]): number | null =>
  items.length === 0
    ? null
    : calibrationCurve(items).reduce(
        (sum, { n, meanProbability, yesShare }) => sum + (n / items.length) * Math.abs(meanProbability - yesShare),
        0,
      );

export function qualityOf(items: readonly Judged[], { seed }: { readonly seed: number }): Quality {
  return {
    n: items.length,
    yes: items.filter(({ yes }) => yes).length,
    auc: areaUnderCurve(items),
    aucInterval: aucInterval(items, seed),
    expectedCalibrationError: expectedCalibrationError(items),
  };
}

/** Estimates the confidence interval of the AUC by a percentile bootstrap over clusters. */
function aucInterval(items: readonly Judged[], seed: number): readonly [number, number] | null {
  const clusters = [...Map.groupBy(items, ({ cluster }) => cluster).values()];
  const generator = random(seed);
  const values: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    const drawn = clusters.flatMap(() => clusters[generator.integer(clusters.length)]!);
    const value = areaUnderCurve(drawn);
    if (value !== null) values.push(value);
  }
  values.sort((a, b) => a - b);
  return values.length < RESAMPLES / 2 ? null : [quantile(values, 0.025)!, quantile(values, 0.975)!];
}
