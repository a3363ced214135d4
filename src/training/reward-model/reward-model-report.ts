/** Reports a reward model's ranking and calibration on held-out photos, in total, by scene and by kind of pair. */
import { type Calibration, calibrated } from './calibration.ts';
import {
  type CalibrationBin,
  calibrationCurve,
  expectedCalibrationError,
  type Judged,
  type Quality,
  qualityOf,
} from './judgement-quality.ts';
import type { Pair, PairKind } from './pairs.ts';

export type RewardModelReport = {
  readonly photos: number;
  /** The main measure: quality on all held-out pairs, compared with the truth. */
  readonly truth: Quality;
  readonly truthByScene: Readonly<Record<string, Quality>>;
  /**
   * Quality by kind of pair, compared with the truth. The value for a kind of corruption uses its own pairs and all
   * pairs whose correct answer is yes.
   */
  readonly truthByKind: Readonly<Partial<Record<PairKind, Quality>>>;
  readonly curve: readonly CalibrationBin[];
  /** Quality compared with the annotators' labels, on the photos on which annotators agree. */
  readonly labels: Quality;
  readonly calibration: Calibration;
  readonly uncalibratedError: number | null;
};

type Item = Judged & { readonly pair: Pair; readonly label: boolean; readonly logit: number };

export function reportOf({
  pairs,
  logits,
  truths,
  calibration,
  agreed,
  seed,
}: {
  readonly pairs: readonly Pair[];
  readonly logits: readonly number[];
  readonly truths: readonly boolean[];
  readonly calibration: Calibration;
  /** Ids of the photos on which annotators agree. */
  readonly agreed: ReadonlySet<string>;
  readonly seed: number;
}): RewardModelReport {
  const items = pairs.map((pair, i): Item => {
    const { owner, id } = pair.example;
    const probability = calibrated(calibration, logits[i]!);
    return { pair, probability, yes: truths[i]!, label: pair.yes, logit: logits[i]!, cluster: owner ?? id };
  });
  const quality = (some: readonly Judged[]): Quality => qualityOf(some, { seed });
  const scenes = Map.groupBy(items, ({ pair }) => pair.example.scene ?? 'unknown');
  const kinds = [...new Set(pairs.map(({ kind }) => kind))];
  const ofKind = (kind: PairKind): Item[] =>
    items.filter(({ pair, yes }) => pair.kind === kind || (kind !== 'judged' && yes));
  return {
    photos: new Set(pairs.map(({ example }) => example.id)).size,
    truth: quality(items),
    truthByScene: Object.fromEntries([...scenes].map(([scene, some]) => [scene, quality(some)])),
    truthByKind: Object.fromEntries(kinds.map((kind) => [kind, quality(ofKind(kind))])),
    curve: calibrationCurve(items),
    labels: quality(
      items.filter(({ pair }) => agreed.has(pair.example.id)).map((item) => ({ ...item, yes: item.label })),
    ),
    calibration,
    uncalibratedError: expectedCalibrationError(
      items.map(({ logit, yes }) => ({ yes, probability: 1 / (1 + Math.exp(-logit)) })),
    ),
  };
}
