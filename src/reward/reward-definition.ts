/** The definition of a reward. Recipes, the command line and the reward service refer to a reward by its name. */
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { ElementVerdictOptions } from '../grounding/element-verdicts.ts';
import type { Grounder } from '../grounding/grounding.ts';
import type { ClaimVerifier } from '../vision/claim-verifier.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import type { DistanceShape } from './geo-distance.ts';
import type { LengthLimits } from './length.ts';
import type { Reward, RewardInput, RewardMode } from './reward.ts';
import type { VisualGroundingGuards } from './visual-grounding.ts';

/** Weights by reward name. A reward without a weight is neither created nor scored. */
export type RewardWeights = Readonly<Record<string, number>>;

/** The options and tools for creating rewards. */
export type RewardOptions = {
  readonly mode: RewardMode;
  readonly weights: RewardWeights;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  /** Required if localizability has a weight. */
  readonly judge?: VisionModel;
  readonly alpha?: number;
  readonly shape?: DistanceShape;
  readonly guards?: VisualGroundingGuards;
  /** Checks the claims of visual grounding in mode `verified`. If it is absent, the rows' elements decide. */
  readonly verifier?: ClaimVerifier;
  /** The labels that the rows' elements can have, for mode `verified` without a verifier. */
  readonly vocabulary?: ElementVerdictOptions['vocabulary'];
  /** Required if length has a weight. */
  readonly length?: LengthLimits;
};

export type RewardDefinition = {
  /** Name in weights, in the service's responses and in records: a letter, then letters, digits, `-` or `_`. */
  readonly name: string;
  /** One sentence for the documentation. */
  readonly description: string;
  /** Row fields that the reward reads besides the completion. The service loads images only if a reward reads them. */
  readonly inputs: readonly (keyof RewardInput)[];
  /** Row fields that the reward reads only in some modes. */
  readonly inputsIn?: Partial<Record<RewardMode, readonly (keyof RewardInput)[]>>;
  /** Throws `invalid-input` if a required option is missing. */
  readonly create: (options: RewardOptions) => Reward;
};
