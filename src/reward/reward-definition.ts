/** What a reward declares so that recipes, the command line and the reward service can use it by name. */
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Grounder } from '../grounding/grounding.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import type { DistanceShape } from './geo-distance.ts';
import type { LengthLimits } from './length.ts';
import type { Reward, RewardInput, RewardMode } from './reward.ts';
import type { VisualGroundingGuards } from './visual-grounding.ts';

/** Weights by reward name. A reward without a weight is neither created nor scored. */
export type RewardWeights = Readonly<Record<string, number>>;

/** What the rewards are built from. */
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

export type RewardDefinition = {
  /** Stands in weights, in answers of the service and in records: a letter, then letters, digits, `-` or `_`. */
  readonly name: string;
  /** One sentence for the documentation. */
  readonly description: string;
  /** Fields of a row that it reads beside the completion. The service loads an image only for a reward that reads it. */
  readonly inputs: readonly (keyof RewardInput)[];
  /** Throws `invalid-input` where the options lack what it needs. */
  readonly create: (options: RewardOptions) => Reward;
};
