/** Modes by name: which reward stands for each component. The one place that training, service and bench build from. */
import { GlobeError } from '../core/errors.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { REFERENCE_LOCALIZABILITY_QUESTION } from '../prompts/localizability-prompt.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import { type CombinedReward, combinedReward, type RewardWeights } from './combine.ts';
import { formatReward } from './format.ts';
import { DEFAULT_ALPHA, geoAccuracy } from './geo-accuracy.ts';
import { type DistanceShape, geoDistance } from './geo-distance.ts';
import { localizability, referenceLocalizability } from './localizability.ts';
import { referenceAccuracy, referenceFormat, referenceVisual } from './reference-rewards.ts';
import type { RewardMode } from './reward.ts';
import { visualGrounding, type VisualGroundingGuards } from './visual-grounding.ts';

export type RewardOptions = {
  readonly mode: RewardMode;
  readonly weights: RewardWeights;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  /** Needed when localizability has a weight. */
  readonly judge?: VisionModel;
  readonly alpha?: number;
  readonly shape?: DistanceShape;
  readonly guards?: VisualGroundingGuards;
};

/** Throws `invalid-input` when localizability has a weight and there is no judge. */
export function createReward(options: RewardOptions): CombinedReward {
  const { mode, weights, gazetteer, grounder, judge, alpha = DEFAULT_ALPHA, shape, guards } = options;
  if (judge === undefined && (weights.localizability ?? 0) !== 0) {
    throw new GlobeError({
      code: 'invalid-input',
      message: `The localizability reward has weight ${weights.localizability} and no judge.`,
      hint: 'Name a judge model, or set the weight of localizability to 0.',
    });
  }
  if (mode === 'reference') {
    return combinedReward(
      {
        accuracy: referenceAccuracy(),
        visual: referenceVisual(),
        format: referenceFormat(),
        ...(judge && {
          localizability: referenceLocalizability(judge, { system: REFERENCE_LOCALIZABILITY_QUESTION }),
        }),
      },
      weights,
    );
  }
  return combinedReward(
    {
      accuracy:
        mode === 'paper'
          ? geoAccuracy(gazetteer, { alpha })
          : geoDistance(gazetteer, shape === undefined ? {} : { shape }),
      visual: visualGrounding(grounder, guards === undefined ? {} : { guards }),
      format: formatReward(),
      ...(judge && { localizability: localizability(judge) }),
    },
    weights,
  );
}
