/** Opens the photo sources, annotators, truth and backend that a training recipe names. */
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Annotator } from '../../training/annotations.ts';
import { embeddedBackends } from '../../training/backends/embedded-factory.ts';
import { datasetSource } from '../../training/dataset-source.ts';
import type { PhotoSource } from '../../training/photo-source.ts';
import type { TrainRecipe } from '../../training/recipe.ts';
import type { RewardModelRecipe } from '../../training/reward-model/recipe.ts';
import type { TrainRewardModelOptions } from '../../training/reward-model/train-reward-model.ts';
import type { TrainOptions } from '../../training/train.ts';
import { openSimulatedAnnotator } from '../annotators/open-annotator.ts';
import { isWorld, openWorld } from '../world.ts';
import { pairTruth } from './pair-truth.ts';
import { worldSource } from './photo-source.ts';

export type TrainingInputs = Pick<TrainOptions, 'source' | 'evaluation' | 'annotators' | 'backends'>;

/** Throws `invalid-input` for an unknown annotator. */
export async function trainingInputs({ method, data }: TrainRecipe): Promise<TrainingInputs> {
  const source = await openPhotoSource(data.train);
  return {
    source,
    ...(data.evaluation !== undefined && { evaluation: await openPhotoSource(data.evaluation) }),
    annotators: method === 'sft' && !source.hasReasonings ? await openAnnotators(data.train, data.annotators) : [],
    backends: embeddedBackends,
  };
}

/** Throws `not-found` when the recipe's folder is not a world, and `invalid-input` for an unknown annotator. */
export async function rewardModelInputs(
  { data }: RewardModelRecipe,
  gazetteer: Gazetteer,
): Promise<Pick<TrainRewardModelOptions, 'source' | 'annotators' | 'truth'>> {
  const world = await openWorld(data.world);
  return {
    source: worldSource(world),
    annotators: await openAnnotators(data.world, data.annotators),
    truth: pairTruth(world, gazetteer),
  };
}

/** Opens a generated world or a curated dataset. */
async function openPhotoSource(path: string): Promise<PhotoSource> {
  return (await isWorld(path)) ? worldSource(await openWorld(path)) : datasetSource(path);
}

/** Opens simulated annotators of `world`. Each `model` is the name of an annotator profile. */
function openAnnotators(
  world: string,
  annotators: readonly { readonly model: string; readonly samples: number }[],
): Promise<Annotator[]> {
  return Promise.all(
    annotators.map(async ({ model, samples }) => ({
      samples,
      model: await openSimulatedAnnotator(`${world}#${model}`),
    })),
  );
}
