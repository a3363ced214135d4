/** Opens the photo sources, annotators, truth and backend that a training recipe names. */
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Annotator } from '../../training/annotations.ts';
import { embeddedBackends } from '../../training/backends/embedded-factory.ts';
import { datasetSource } from '../../training/dataset-source.ts';
import type { PhotoSource } from '../../training/photo-source.ts';
import type { Corpus } from '../../training/corpus.ts';
import type { SftRecipe, TrainRecipe } from '../../training/recipe.ts';
import type { RewardModelRecipe } from '../../training/reward-model/recipe.ts';
import type { TrainRewardModelOptions } from '../../training/reward-model/train-reward-model.ts';
import type { TrainOptions } from '../../training/train.ts';
import { openSimulatedAnnotator } from '../annotators/open-annotator.ts';
import { openCorpora } from '../corpora/open-corpora.ts';
import { isWorld, openWorld } from '../world.ts';
import { pairTruth } from './pair-truth.ts';
import { worldSource } from './photo-source.ts';

export type TrainingInputs = Pick<TrainOptions, 'source' | 'evaluation' | 'annotators' | 'corpora' | 'backends'>;

/** Opens the inputs of a training run. Throws `invalid-input` for an unknown annotator or corpus. */
export async function trainingInputs(recipe: TrainRecipe): Promise<TrainingInputs> {
  const { method, data } = recipe;
  const source = await openPhotoSource(data.train);
  return {
    source,
    ...(data.evaluation !== undefined && { evaluation: await openPhotoSource(data.evaluation) }),
    annotators: method === 'sft' && !source.hasReasonings ? await openAnnotators(data.train, data.annotators) : [],
    ...(method === 'sft' && data.corpora.length > 0 && { corpora: await corporaOf(recipe) }),
    backends: embeddedBackends,
  };
}

async function corporaOf({ data, prompt }: SftRecipe): Promise<Corpus[]> {
  return openCorpora(data.corpora, { world: await openWorld(data.train), prompt });
}

/**
 * Opens the inputs for training a reward model. Throws `not-found` when the recipe's folder is not a world, and
 * `invalid-input` for an unknown annotator.
 */
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
