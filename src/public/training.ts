/** `globe-geolocation/training`: recipes, training runs, and the pure mathematics of GRPO and its relatives. */
export { readTrainRecipe, type TrainRecipe, trainRecipeSchema } from '../training/recipe.ts';
export { train, type TrainOptions } from '../training/train.ts';
export { type StepResult, type TrainingLoopResult } from '../training/training-loop.ts';
export { type Annotator } from '../training/annotations.ts';
export { datasetSource } from '../training/dataset-source.ts';
export { type ElementMap, type PhotosOptions, type PhotoSource } from '../training/photo-source.ts';
export { type TrainingExample } from '../training/training-example.ts';
export { openRun, type RunFolder } from '../storage/run-folder.ts';

export {
  readRewardModelRecipe,
  type RewardModelRecipe,
  rewardModelRecipeSchema,
} from '../training/reward-model/recipe.ts';
export { trainRewardModel, type TrainRewardModelOptions } from '../training/reward-model/train-reward-model.ts';
export { openEmbeddedJudge } from '../training/reward-model/embedded-judge.ts';

export { type BackendFactory } from '../training/backends/backend-factory.ts';
export { embeddedBackends } from '../training/backends/embedded-factory.ts';
export {
  type CallOptions,
  type Datum,
  type ForwardBackward,
  type LossChoice,
  type ModelInput,
  type Sample,
  type SampleQuery,
  type SamplingParameters,
  type TrainingBackend,
} from '../training/backends/training-backend.ts';

export {
  type AdvantageOptions,
  advantages,
  type GdpoOptions,
  gdpoAdvantages,
  type Whitening,
} from '../training/grpo/advantages.ts';
export { type PolicyBatch } from '../training/grpo/policy-batch.ts';
export {
  type Aggregation,
  type KlOptions,
  type PolicyLossOptions,
  type Surrogate,
} from '../training/grpo/policy-loss-options.ts';
export { type PolicyLoss, policyLoss } from '../training/grpo/policy-loss.ts';
export { type GrpoPreset, type GrpoPresetName, grpoPreset } from '../training/grpo/presets.ts';
