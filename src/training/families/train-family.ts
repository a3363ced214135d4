/** Trains a geocell classifier or retriever by a recipe, with evaluations and exact resume. */
import { join } from 'node:path';
import type { Coordinate } from '../../core/coordinate.ts';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { random, shuffled } from '../../core/random.ts';
import { measure } from '../../evaluation/metrics.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import { type AnyPositionHead, savePositionModel } from '../../nano/heads/position-checkpoint.ts';
import { type EncoderConfig, encoderConfig } from '../../nano/config.ts';
import { geocellClassifier } from '../../nano/heads/geocell-classifier.ts';
import { imageRetriever } from '../../nano/heads/image-retriever.ts';
import { loadCheckpoint, loadTrainingState } from '../../nano/checkpoint.ts';
import { makeGeocells } from '../../nano/heads/geocells.ts';
import { patchReader } from '../../nano/image/patches.ts';
import { type PositionExample, PositionModel } from '../../nano/heads/position-model.ts';
import type { RunFolder } from '../../storage/run-folder.ts';
import type { HostArray } from '../../tensor/index.ts';
import type { Resumable } from '../checkpoints.ts';
import { dataOrder } from '../data-order.ts';
import { learningRateOf } from '../learning-rate.ts';
import { loadSplits, type PhotoSources } from '../photo-source.ts';
import type { TrainingExample } from '../training-example.ts';
import { MODEL_FOLDER, runTrainingLoop, type StepResult, type TrainingLoopResult } from '../training-loop.ts';
import { loadTower } from '../vision-tower/tower-checkpoint.ts';
import type { FamilyRecipe } from './family-recipe.ts';
import { observePhotos } from './locate-photos.ts';

export type TrainFamilyOptions = PhotoSources & {
  readonly recipe: FamilyRecipe;
  readonly run: RunFolder;
  readonly gazetteer: Gazetteer;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly threads?: number;
  readonly onNote?: (text: string) => void;
  readonly onStep?: (step: number, steps: number, result: StepResult) => void;
  readonly onEvaluation?: (step: number, evaluation: Readonly<Record<string, unknown>>) => void;
};

export function isFamilyRecipe(recipe: { readonly method: string }): recipe is FamilyRecipe {
  return recipe.method === 'geocell' || recipe.method === 'retriever';
}

/** Trains by the recipe, and writes the model to `model` in the run folder. */
export async function trainFamily(
  options: TrainFamilyOptions,
): Promise<TrainingLoopResult & { readonly steps: number }> {
  const { recipe, run, gazetteer, signal, onNote = () => {} } = options;
  const { data, seed, batchSize } = recipe;
  onNote('Loading photos …');
  const { photos, heldOut } = await loadSplits({ ...options, data, seed });
  if (photos.length < batchSize) {
    throw invalidInput(
      `Invalid batchSize: ${batchSize}. Use at most ${photos.length}, the number of photos in ${data.train}.`,
    );
  }
  const examples = photos.map((photo) => ({ image: photo.image, position: positionOf(photo, data.train) }));
  await using model = await newModel(examples, { ...options, cachedPhotos: photos.length + heldOut.length });
  const steps = Math.max(1, Math.round((recipe.epochs * photos.length) / batchSize));
  const answers = recipe.method === 'geocell' ? 'cells' : 'gallery positions';
  onNote(`${photos.length} photos, ${model.head.positions.length} ${answers}, ${steps} steps.`);
  const result = await runTrainingLoop({
    runFolder: run.path,
    backend: resumable(model),
    steps,
    checkpointEvery: recipe.checkpointEvery,
    evaluateEvery: heldOut.length === 0 ? 0 : recipe.evaluateEvery,
    step: familySteps(model, { ...options, examples, steps }),
    evaluate: async () => ({
      ...measure(await observePhotos(heldOut, { model, gazetteer, signal }), { intervalsByOwner: false }),
    }),
    onStep: (done, step) => options.onStep?.(done, steps, step),
    ...(options.onEvaluation && { onEvaluation: options.onEvaluation }),
    signal,
  });
  await savePositionModel(join(run.path, MODEL_FOLDER), model, { description: description(recipe, photos.length) });
  return { ...result, steps };
}

function positionOf({ id, truthCoordinate }: TrainingExample, path: string): Coordinate {
  if (truthCoordinate === undefined) {
    throw invalidInput(`Photo ${id} of ${path} has no coordinate.`, 'Train on photos with coordinates.');
  }
  return truthCoordinate;
}

async function newModel(
  examples: readonly PositionExample[],
  { recipe, cachedPhotos, threads }: TrainFamilyOptions & { readonly cachedPhotos: number },
): Promise<PositionModel<AnyPositionHead>> {
  const { seed, weightDecay, maxGradientNorm, freezeVision } = recipe;
  const { encoder, parameters: encoderParameters } = await initialEncoder(recipe);
  const positions = examples.map(({ position }) => position);
  return new PositionModel({
    head: headOf(recipe, { encoder, positions }),
    encoderParameters,
    freezeEncoder: freezeVision,
    seed,
    optimizer: { weightDecay, maxGradientNorm },
    ...defined({ threads }),
    readPatches: patchReader(encoder, cachedPhotos),
  });
}

type InitialEncoder = { readonly encoder: EncoderConfig; readonly parameters: Readonly<Record<string, HostArray>> };

/**
 * Loads the weights that the recipe's image encoder starts from. Without a checkpoint or tower, returns no weights, so
 * the encoder starts untrained.
 */
async function initialEncoder({ model, freezeVision }: FamilyRecipe): Promise<InitialEncoder> {
  if ('checkpoint' in model) {
    const { config, parameters } = await loadCheckpoint(model.checkpoint);
    return { encoder: config, parameters };
  }
  const encoder = encoderConfig(model);
  if (model.tower !== undefined) return { encoder, parameters: await loadTower(model.tower, encoder) };
  if (freezeVision) {
    throw invalidInput(
      'Invalid freezeVision: true. A new encoder is untrained and cannot be frozen.',
      'Set model.tower or model.checkpoint, or freezeVision: false.',
    );
  }
  return { encoder, parameters: {} };
}

function headOf(
  recipe: FamilyRecipe,
  { encoder, positions }: { readonly encoder: EncoderConfig; readonly positions: readonly Coordinate[] },
): AnyPositionHead {
  if (recipe.method === 'geocell') {
    const geocells = makeGeocells(positions, recipe.cells);
    return geocellClassifier({ encoder, geocells, smoothingKm: recipe.smoothingKm });
  }
  const { galleryPositions, seed, width } = recipe;
  const gallery = shuffled(positions, random(seed)).slice(0, galleryPositions);
  return imageRetriever({ encoder, gallery, width });
}

function familySteps(
  model: PositionModel,
  { recipe, examples, steps, now }: TrainFamilyOptions & { examples: readonly PositionExample[]; steps: number },
): (step: number) => Promise<StepResult> {
  const { batchSize, seed } = recipe;
  const order = dataOrder({ count: examples.length, batchSize, seed });
  const rate = learningRateOf(recipe, steps);
  return async (step) => {
    const started = now();
    const learningRate = rate(step);
    const batch = order.batch(step).map((i) => examples[i]!);
    const metrics = await model.train(batch, { learningRate });
    return { metrics: { ...metrics, learningRate, photos: batch.length }, times: { updateMs: now() - started } };
  };
}

/** Lets the training loop save and load the position model. */
function resumable(model: PositionModel<AnyPositionHead>): Resumable {
  return {
    saveState: (folder) => savePositionModel(folder, model, { state: model.state() }),
    loadState: async (folder) => model.restore(await loadTrainingState(folder)),
  };
}

function description({ method, data, seed }: FamilyRecipe, photos: number): string {
  return `Trained by ${method} on ${photos} photos of ${data.train} with their positions (seed ${seed}). A small model of a generated world of drawings: it knows nothing of real photos.`;
}
