/** Modes by name: which reward stands for each component. The one place that training, service and bench build from. */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { REFERENCE_LOCALIZABILITY_QUESTION } from '../prompts/localizability-prompt.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import { type CombinedReward, combinedReward, type RewardWeights, weightsProblem } from './combine.ts';
import { formatReward } from './format.ts';
import { DEFAULT_ALPHA, geoAccuracy } from './geo-accuracy.ts';
import { type DistanceShape, geoDistance } from './geo-distance.ts';
import { type LengthLimits, lengthReward } from './length.ts';
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
  /** Needed when length has a weight. */
  readonly length?: LengthLimits;
};

/** Throws `invalid-input` for weights that are none, and where a component with a weight lacks its judge or its limits. */
export function createReward(options: RewardOptions): CombinedReward {
  const { mode, weights, gazetteer, grounder, judge, alpha = DEFAULT_ALPHA, shape, guards, length } = options;
  checkComponents(options);
  if (mode === 'reference') {
    return combinedReward(
      {
        accuracy: referenceAccuracy(),
        visual: referenceVisual(),
        format: referenceFormat(),
        ...(length && { length: lengthReward(length) }),
        ...(judge && {
          localizability: referenceLocalizability(judge, { system: REFERENCE_LOCALIZABILITY_QUESTION }),
        }),
      },
      weights,
    );
  }
  return combinedReward(
    {
      accuracy: mode === 'paper' ? geoAccuracy(gazetteer, { alpha }) : geoDistance(gazetteer, defined({ shape })),
      visual: visualGrounding(grounder, defined({ guards })),
      format: formatReward(),
      ...(length && { length: lengthReward(length) }),
      ...(judge && { localizability: localizability(judge) }),
    },
    weights,
  );
}

function checkComponents({ weights, judge, length }: RewardOptions): void {
  const problem = weightsProblem(weights);
  if (problem !== undefined) throw invalidInput(`The rewards cannot be summed: ${problem}.`, 'Mend the weights.');
  if (judge === undefined && (weights.localizability ?? 0) > 0) {
    throw invalidInput(
      `The localizability reward has weight ${weights.localizability} and no judge.`,
      'Name a judge model, or set the weight of localizability to 0.',
    );
  }
  if (length === undefined && (weights.length ?? 0) > 0) {
    throw invalidInput(
      `The length reward has weight ${weights.length} and no limits.`,
      'Give the most tokens and the buffer before them (reward.length in a recipe, globe serve --length), or set the weight of length to 0.',
    );
  }
}
