/**
 * Trains a vision tower by a recipe, on photos with element maps. Ordinary vision-language models start from a
 * pretrained image encoder. The vision tower is that pretrained encoder for the embedded model.
 */
import { join } from 'node:path';
import { invalidInput } from '../../core/errors.ts';
import { loadTrainingState } from '../../nano/checkpoint.ts';
import { encoderConfig } from '../../nano/config.ts';
import type { RunFolder } from '../../storage/run-folder.ts';
import { dataOrder } from '../data-order.ts';
import { learningRateOf } from '../learning-rate.ts';
import { loadSplits, type PhotoSource, type PhotoSources } from '../photo-source.ts';
import type { TrainingExample } from '../training-example.ts';
import { MODEL_FOLDER, runTrainingLoop, type StepResult, type TrainingLoopResult } from '../training-loop.ts';
import { patchLabels } from './patch-labels.ts';
import { saveTower } from './tower-checkpoint.ts';
import type { VisionRecipe } from './vision-recipe.ts';
import { type LabelledPhoto, VisionTower } from './vision-tower.ts';

export type TrainVisionTowerOptions = PhotoSources & {
  readonly recipe: VisionRecipe;
  readonly run: RunFolder;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly onNote?: (text: string) => void;
  readonly onStep?: (step: number, steps: number, result: StepResult) => void;
  readonly onEvaluation?: (step: number, evaluation: Readonly<Record<string, unknown>>) => void;
};

/** Trains by the recipe, and writes the encoder to `model` in the run folder. */
export async function trainVisionTower(
  options: TrainVisionTowerOptions,
): Promise<TrainingLoopResult & { readonly steps: number }> {
  const { recipe, run, source, evaluation, signal, now, onNote = () => {} } = options;
  const { model, data, seed, batchSize, weightDecay, maxGradientNorm } = recipe;
  if ('checkpoint' in model) {
    throw invalidInput('A vision tower cannot start from a checkpoint.', 'Set model.size and model.backbone.');
  }
  onNote('Loading photos and element maps …');
  const { photos, heldOut } = await loadSplits({ ...options, data, seed });
  const encoder = encoderConfig(model);
  const side = encoder.image.sizePixels / encoder.image.patchPixels;
  const names = new Map<string, number>();
  const labelled = await labelledPhotos(photos, { source, side, names, signal });
  const labelledHeldOut =
    evaluation === undefined ? [] : await labelledPhotos(heldOut, { source: evaluation, side, names, signal });
  const steps = Math.max(1, Math.round((recipe.epochs * labelled.length) / batchSize));
  onNote(`${labelled.length} photos, ${names.size} elements, ${steps} steps.`);
  await using tower = new VisionTower({
    encoder,
    elements: names.size,
    seed,
    optimizer: { weightDecay, maxGradientNorm },
    cachedPhotos: labelled.length + labelledHeldOut.length,
  });
  const order = dataOrder({ count: labelled.length, batchSize, seed });
  const rate = learningRateOf(recipe, steps);
  const description = `An image encoder that learnt to name what each patch of ${labelled.length} drawings of ${data.train} shows (seed ${seed}). It knows nothing of real photos.`;
  const result = await runTrainingLoop({
    runFolder: run.path,
    backend: {
      saveState: (folder) =>
        saveTower(folder, { encoder, parameters: tower.parameters() }, { description, state: tower.state() }),
      loadState: async (folder) => tower.restore(await loadTrainingState(folder)),
    },
    steps,
    checkpointEvery: recipe.checkpointEvery,
    evaluateEvery: labelledHeldOut.length === 0 ? 0 : recipe.evaluateEvery,
    step: async (step) => {
      const started = now();
      const learningRate = rate(step);
      const batch = order.batch(step).map((i) => labelled[i]!);
      const metrics = await tower.train(batch, { learningRate });
      return { metrics: { ...metrics, learningRate, photos: batch.length }, times: { updateMs: now() - started } };
    },
    evaluate: () => recall(tower, labelledHeldOut),
    onStep: (done, step) => options.onStep?.(done, steps, step),
    ...(options.onEvaluation && { onEvaluation: options.onEvaluation }),
    signal,
  });
  await saveTower(join(run.path, MODEL_FOLDER), { encoder, parameters: tower.parameters() }, { description });
  return { ...result, steps };
}

type LabelOptions = {
  readonly source: PhotoSource;
  readonly side: number;
  /** Maps each element name to its index. Labelling photos adds new names. */
  readonly names: Map<string, number>;
  readonly signal: AbortSignal;
};

/** Labels the patches of photos from their element maps. */
async function labelledPhotos(
  photos: readonly TrainingExample[],
  { source, side, names, signal }: LabelOptions,
): Promise<LabelledPhoto[]> {
  if (source.elementMap === undefined) {
    throw invalidInput(
      `${source.name} has no element maps of its photos.`,
      'Train a vision tower on a generated world.',
    );
  }
  const indexOf = (label: string): number => {
    const known = names.get(label) ?? names.size;
    names.set(label, known);
    return known;
  };
  const labelled: LabelledPhoto[] = [];
  for (const { id, image } of photos) {
    signal.throwIfAborted();
    labelled.push({ image, labels: patchLabels(await source.elementMap(id), { side, indexOf }) });
    // Drawing element maps blocks the event loop, so the loop pauses here to let an interrupt through.
    if (labelled.length % 100 === 0) await new Promise(setImmediate);
  }
  return labelled;
}

/** Photos per forward pass. */
const CHUNK = 32;

/** Returns the recall of the tower: the share of the elements in held-out photos that the tower names. */
async function recall(
  tower: VisionTower,
  photos: readonly LabelledPhoto[],
): Promise<Readonly<Record<string, unknown>>> {
  let [shown, found] = [0, 0];
  for (let start = 0; start < photos.length; start += CHUNK) {
    const chunk = photos.slice(start, start + CHUNK);
    const named = await tower.name(chunk);
    for (const [i, { labels }] of chunk.entries()) {
      shown += labels.shown.length;
      found += labels.shown.filter((label) => named[i]!.has(label)).length;
    }
  }
  return { n: photos.length, elementsShown: shown, elementRecall: found / shown };
}
