/**
 * Trains the embedded reward model by a recipe, calibrates it on validation photos, and measures it on the held-out
 * split. The report compares it with the truth and with the annotators' labels. An interrupted run starts over, because
 * training takes only minutes. All runs of a recipe with the same seed are identical.
 */
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { random, seedFrom, shuffled } from '../../core/random.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import { nanoConfig } from '../../nano/config.ts';
import { patchReader } from '../../nano/image/patches.ts';
import { warmupCosine } from '../../tensor/index.ts';
import { loadPhotos, type PhotoSource } from '../photo-source.ts';
import type { TrainingExample } from '../training-example.ts';
import { type Calibration, plattCalibration } from './calibration.ts';
import { saveRewardModel } from './checkpoint.ts';
import { type Annotators, type JudgedReasoning, judgedReasonings, undisputed } from './judged-reasoning.ts';
import { type Pair, pairsOf, type PairTruth } from './pairs.ts';
import { type LabelledPair, PairModel, type PairModelConfig } from './pair-model.ts';
import type { RewardModelRecipe } from './recipe.ts';
import { rewardModelCard } from './reward-model-card.ts';
import { type RewardModelReport, reportOf } from './reward-model-report.ts';
import { featureVocabulary } from './text-features.ts';
import { loadTower } from '../vision-tower/tower-checkpoint.ts';

export type TrainRewardModelOptions = {
  readonly recipe: RewardModelRecipe;
  readonly source: PhotoSource;
  /** At least two annotators are required, because only photos on which annotators agree are used. */
  readonly annotators: Annotators;
  /** Returns the correct answer to a held-out pair, for the report. */
  readonly truth: PairTruth;
  /** Folder to write the checkpoint to. */
  readonly out: string;
  readonly gazetteer: Gazetteer;
  readonly signal: AbortSignal;
  readonly onNote?: (text: string) => void;
};

/** Seeds of the validation pairs and the test pairs. They differ from the seeds of the epochs' training pairs. */
const VALIDATION_SEED = 1_000_001;
const TEST_SEED = 2_000_003;
/** Number of photos in the patch cache. */
const CACHED_PHOTOS = 6000;

/**
 * Trains a judge of localizability, writes its checkpoint to `out`, and returns a report on held-out photos. Throws
 * `invalid-input` if no photos remain for training or calibration.
 */
export async function trainRewardModel(options: TrainRewardModelOptions): Promise<RewardModelReport> {
  const { recipe, source, annotators, gazetteer, signal, onNote = () => {} } = options;
  const { data, seed } = recipe;
  const limit = defined({ limit: data.trainImages });
  const photos = await loadPhotos(source, { split: 'train', seed, signal, ...limit });
  const { judged, unreadable } = await judgedReasonings(photos, annotators, { seed, signal });
  const [train, validation] = split(undisputed(judged, gazetteer), data.validationShare);
  if (train.length === 0 || validation.length === 0) {
    throw invalidInput(
      `Invalid validationShare: ${data.validationShare}. It leaves ${train.length} reasonings to train on and ${validation.length} to calibrate on.`,
      'Change the share, or use photos of more owners: all photos of an owner are on the same side of the split.',
    );
  }
  onNote(
    `${photos.length} photos, ${judged.length} reasonings (${unreadable} unreadable); undisputed: ${train.length} to train on, ${validation.length} to calibrate on.`,
  );
  await using model = await newModel(recipe, train);
  await fit(model, train, options);
  return calibrateAndMeasure(model, { ...options, validation });
}

type MeasureOptions = TrainRewardModelOptions & { readonly validation: readonly JudgedReasoning[] };

/** Calibrates on the validation photos, measures on the test split, then writes the checkpoint. */
async function calibrateAndMeasure(model: PairModel, options: MeasureOptions): Promise<RewardModelReport> {
  const { recipe, out, validation, signal } = options;
  const checked = pairsOf(validation, { seed: VALIDATION_SEED, corruptions: recipe.corruptions, each: 'all' });
  const calibration = plattCalibration(
    await logitsOf(model, checked, signal),
    checked.map(({ yes }) => yes),
  );
  const report = await evaluate(model, calibration, options);
  await saveRewardModel(
    out,
    { config: model.config, calibration, parameters: model.parameters() },
    { card: rewardModelCard(recipe, report) },
  );
  return report;
}

/** Splits by owner, so that all photos of an owner are in the same part. */
function split(judged: readonly JudgedReasoning[], validationShare: number): [JudgedReasoning[], JudgedReasoning[]] {
  const isValidation = ({ example }: JudgedReasoning): boolean =>
    random(seedFrom(`validation/${example.owner ?? example.id}`)).next() < validationShare;
  return [judged.filter((one) => !isValidation(one)), judged.filter(isValidation)];
}

async function newModel(
  { model, seed, weightDecay }: RewardModelRecipe,
  train: readonly JudgedReasoning[],
): Promise<PairModel> {
  const nano = nanoConfig({ size: 'small', vocabularySize: 1 });
  // The reward model's head reads every patch, so patches are not merged.
  const image = { ...nano.image, sizePixels: model.imagePixels, mergePatches: 1 };
  const vocabulary = featureVocabulary(
    train.map(({ reasoning }) => reasoning),
    { limit: model.vocabularySize },
  );
  const config: PairModelConfig = { image, vision: nano.vision, width: model.width, vocabulary };
  const readPatches = patchReader({ ...nano, image }, CACHED_PHOTOS);
  const elements = [...new Set(train.flatMap(({ example }) => namesOf(example, model.names)))];
  return new PairModel({
    config,
    seed,
    ...(model.tower !== undefined && { tower: await loadTower(model.tower, config) }),
    readPatches,
    elements: elements.toSorted(),
    optimizer: { weightDecay, maxGradientNorm: 1 },
  });
}

async function fit(
  model: PairModel,
  train: readonly JudgedReasoning[],
  { recipe, signal, onNote = () => {} }: TrainRewardModelOptions,
): Promise<void> {
  const { epochs, photosPerStep, learningRate: peak, warmupShare, seed, corruptions } = recipe;
  const photos = new Set(train.map(({ example }) => example.id)).size;
  const stepsPerEpoch = Math.max(1, Math.floor(photos / photosPerStep));
  const totalSteps = epochs * stepsPerEpoch;
  const rate = warmupCosine({ peak, warmupSteps: Math.ceil(warmupShare * totalSteps), totalSteps });
  for (let epoch = 0; epoch < epochs; epoch++) {
    const pairs = pairsOf(train, { seed: seed + epoch, corruptions, each: 'all' });
    const groups = shuffled([...Map.groupBy(pairs, ({ example }) => example.id).values()], random(seed + epoch));
    let total = 0;
    for (let step = 0; step < stepsPerEpoch; step++) {
      signal.throwIfAborted();
      const batch = groups.slice(step * photosPerStep, (step + 1) * photosPerStep).flat();
      const learningRate = rate(epoch * stepsPerEpoch + step);
      const labelled = batch.map((pair) => asInput(pair, recipe.model.names));
      total += (await model.train(labelled, { learningRate })).loss;
    }
    onNote(`Epoch ${epoch + 1} of ${epochs}: loss ${(total / stepsPerEpoch).toFixed(3)}.`);
  }
}

const asInput = ({ example, reasoning, yes }: Pair, names: Names): LabelledPair => ({
  image: example.image,
  reasoning,
  yes,
  shows: namesOf(example, names),
});

type Names = RewardModelRecipe['model']['names'];

/** Returns the element and place names that the encoder learns for a photo. */
function namesOf({ elements = [], truth }: TrainingExample, names: Names): string[] {
  return [
    ...(names.includes('elements') ? elements.map(({ label }) => label) : []),
    ...(names.includes('place') ? [`in ${truth.country}`] : []),
    ...(names.includes('place') && truth.city !== undefined ? [`in ${truth.city}, ${truth.country}`] : []),
  ];
}

async function logitsOf(model: PairModel, pairs: readonly Pair[], signal: AbortSignal): Promise<number[]> {
  signal.throwIfAborted();
  return model.logits(pairs.map(({ example, reasoning }) => ({ image: example.image, reasoning })));
}

async function evaluate(
  model: PairModel,
  calibration: Calibration,
  { recipe, source, annotators, truth, gazetteer, signal }: TrainRewardModelOptions,
): Promise<RewardModelReport> {
  const { data, seed, corruptions } = recipe;
  const limit = defined({ limit: data.testImages });
  const photos = await loadPhotos(source, { split: 'test', seed, signal, ...limit });
  const { judged } = await judgedReasonings(photos, annotators, { seed: TEST_SEED, signal });
  const pairs = pairsOf(judged, { seed: TEST_SEED, corruptions, each: 'all' });
  const agreed = new Set(undisputed(judged, gazetteer).map(({ example }) => example.id));
  const logits = await logitsOf(model, pairs, signal);
  return reportOf({ pairs, logits, truths: pairs.map(truth), calibration, agreed, seed });
}
