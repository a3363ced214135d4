/**
 * Creates the reward of each GRPO step. The reward differs between steps only if the recipe has a schedule for τ, the
 * scale of the distance reward.
 */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { type CombinedReward, WEIGHT_PRESETS } from '../reward/combine.ts';
import { createReward } from '../reward/create-reward.ts';
import { isScheduled, shapeAt } from '../reward/distance-shape.ts';
import type { RewardWeights } from '../reward/reward-definition.ts';
import type { ClaimVerifier } from '../vision/claim-verifier.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import type { GrpoRecipe } from './recipe.ts';

export type StepRewardOptions = {
  readonly recipe: GrpoRecipe['reward'];
  /**
   * Number of steps of the whole training, over which the schedule of τ runs. A resumed run must pass the same number.
   */
  readonly steps: number;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  readonly judge?: VisionModel;
  /** Checks claims in reward mode `verified`. */
  readonly verifier?: ClaimVerifier;
  /** Labels that the photos' elements can have. Mode `verified` uses these labels if there is no verifier. */
  readonly vocabulary?: readonly string[];
};

/** The reward of one step. `tauKm` is the step's τ, for the record; absent if τ has no schedule. */
export type StepReward = { readonly reward: CombinedReward; readonly tauKm?: number };

/**
 * Returns a function from step to reward. Throws `invalid-input` if the recipe uses a reward service, which the caller
 * must open itself.
 */
export function stepRewards({ recipe, steps, ...parts }: StepRewardOptions): (step: number) => StepReward {
  const { mode, weights, alpha, shape, length, service } = recipe;
  if (service !== undefined) {
    throw invalidInput(
      `The recipe uses the reward service ${service}, which is not open.`,
      'Open the service, and pass it as `reward`.',
    );
  }
  const at = (step: number): StepReward => {
    const now = shape && shapeAt(shape, steps > 1 ? step / (steps - 1) : 0);
    const reward = createReward({
      ...parts,
      mode,
      weights: typeof weights === 'string' ? WEIGHT_PRESETS[weights] : definedWeights(weights),
      ...defined({ alpha }),
      ...(now && { shape: now }),
      ...(length && { length }),
    });
    return { reward, ...(now?.kind === 'exponential' && { tauKm: now.tauKm }) };
  };
  if (shape !== undefined && isScheduled(shape)) return at;
  const { reward } = at(0);
  return () => ({ reward });
}

/** Drops the entries whose weight is undefined. */
function definedWeights(weights: Readonly<Record<string, number | undefined>>): RewardWeights {
  return Object.fromEntries(
    Object.entries(weights).flatMap(([name, weight]) => (weight === undefined ? [] : [[name, weight]])),
  );
}
