/**
 * Runs training recipes with evaluations and exact resume. This folder implements SFT and GRPO; subfolders implement
 * the other methods.
 */
import { join } from 'node:path';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { measure } from '../evaluation/metrics.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { locatePrompt } from '../prompts/locate-prompt.ts';
import type { CombinedReward } from '../reward/combine.ts';
import type { RunFolder } from '../storage/run-folder.ts';
import type { ClaimVerifier } from '../vision/claim-verifier.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import type { Annotator } from './annotations.ts';
import type { BackendFactory } from './backends/backend-factory.ts';
import type { FrozenModel, TrainingBackend } from './backends/training-backend.ts';
import { collapseReason } from './collapse.ts';
import type { Corpus } from './corpus.ts';
import { dataOrder } from './data-order.ts';
import { evaluatePolicy } from './evaluate-policy.ts';
import { grpoPreset } from './grpo/presets.ts';
import { grpoStep } from './grpo-step.ts';
import { isFamilyRecipe, trainFamily } from './families/train-family.ts';
import { learningRateOf } from './learning-rate.ts';
import { noisyCaptions } from './noisy-captions.ts';
import { loadSplits, type PhotoSources } from './photo-source.ts';
import type { GrpoRecipe, PolicyRecipe, SftRecipe, TrainRecipe } from './recipe.ts';
import type { Rollout } from './rollout.ts';
import { type SftItem, sftStep, supervisedTarget } from './sft-step.ts';
import type { GrpoRecord, SftMetrics } from './step-metrics.ts';
import { stepRewards } from './step-reward.ts';
import type { TrainingExample } from './training-example.ts';
import {
  MODEL_FOLDER,
  runTrainingLoop,
  type StepMetrics,
  type StepResult,
  type TrainingLoopOptions,
  type TrainingLoopResult,
} from './training-loop.ts';
import { trainVisionTower } from './vision-tower/train-vision-tower.ts';

export type TrainOptions = PhotoSources & {
  readonly recipe: TrainRecipe;
  /** Annotators for supervised fine-tuning. If the source has no reasoning texts, the annotators write captions. */
  readonly annotators: readonly Annotator[];
  /** Corpora for supervised pretraining. They replace reasoning texts and captions. */
  readonly corpora?: readonly Corpus[];
  /** Opens the language model. */
  readonly backends: BackendFactory;
  readonly run: RunFolder;
  readonly gazetteer: Gazetteer;
  readonly grounder: Grounder;
  readonly judge?: VisionModel;
  /** Checks claims in reward mode `verified`. Without it, claims are checked against the photos' elements. */
  readonly verifier?: ClaimVerifier;
  /** An open reward service. Required if the recipe uses one. */
  readonly reward?: CombinedReward;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly onNote?: (text: string) => void;
  readonly onStep?: (step: number, steps: number, result: StepResult) => void;
  readonly onEvaluation?: (step: number, evaluation: Readonly<Record<string, unknown>>) => void;
};

export { MODEL_FOLDER };

export type TrainResult = TrainingLoopResult & {
  readonly steps: number;
  /** Number of worker threads of a language model. Results differ in the last bits between numbers of workers. */
  readonly workers?: number;
};

/** Number of completions per step in samples.jsonl. */
const RECORDED_SAMPLES = 2;

type PolicyOptions = TrainOptions & { readonly recipe: PolicyRecipe };
type Session = PolicyOptions & { readonly backend: TrainingBackend };

/**
 * Trains by the recipe and writes to the run's folder. If an earlier call on this folder was interrupted, resumes from
 * its checkpoint. Rejects with the signal's reason on abort, and with `invalid-input` if there are too few examples for
 * one batch.
 *
 * @example const recipe = await readTrainRecipe('recipe.yaml'); const source = datasetSource(recipe.data.train); await
 * using run = await openRun({ name: 'sft', options: { recipe } }); await train({ recipe, source, annotators: [],
 * backends: embeddedBackends, run, gazetteer, grounder, signal, now: Date.now });
 */
export function train(options: TrainOptions): Promise<TrainResult> {
  const { recipe } = options;
  if (recipe.method === 'vision') return trainVisionTower({ ...options, recipe });
  return isFamilyRecipe(recipe) ? trainFamily({ ...options, recipe }) : trainPolicy({ ...options, recipe });
}

async function trainPolicy(options: PolicyOptions): Promise<TrainResult> {
  const { recipe, run, source, backends, signal, onNote = () => {} } = options;
  const { data, seed, batchSize } = recipe;
  onNote('Loading photos …');
  const { photos, heldOut } = await loadSplits({ ...options, data, seed });
  const items = recipe.method === 'sft' ? await itemsOf(photos, options, recipe) : [];
  const count = recipe.method === 'sft' ? items.length : photos.length;
  if (count < batchSize) {
    throw invalidInput(
      `Invalid batchSize: ${batchSize}. Use at most ${count}, the number of examples in ${source.name}.`,
    );
  }
  await using backend = await backends.open(recipe, () =>
    items.flatMap(({ prompt, target }) => (prompt === undefined ? [target] : [prompt, target])),
  );
  const steps = Math.max(1, Math.round((recipe.epochs * count) / batchSize));
  const session: Session = { ...options, backend };
  const loop = <Metrics extends StepMetrics>(
    method: Pick<TrainingLoopOptions<Metrics>, 'step' | 'stopReason'>,
  ): Promise<TrainingLoopResult> =>
    runTrainingLoop({
      ...method,
      runFolder: run.path,
      backend,
      steps,
      checkpointEvery: recipe.checkpointEvery,
      evaluateEvery: heldOut.length === 0 ? 0 : recipe.evaluateEvery,
      evaluate: () => evaluation(session, heldOut),
      onStep: (done, step) => options.onStep?.(done, steps, step),
      ...(options.onEvaluation && { onEvaluation: options.onEvaluation }),
      signal,
    });
  const isGrpo = recipe.method === 'grpo';
  await using reference =
    isGrpo && presetOf(recipe).loss.kl !== undefined ? await backends.reference(recipe, backend) : undefined;
  onNote(`${count} examples, ${steps} steps.`);
  const result = isGrpo
    ? await loop({
        step: grpoSteps(session, { recipe, photos, steps, ...(reference && { reference }) }),
        stopReason: (history) => collapseReason(history),
      })
    : await loop({ step: sftSteps(session, { recipe, items, steps }) });
  await backend.exportModel(join(run.path, MODEL_FOLDER), {
    description: description(recipe),
    promptForm: recipe.prompt,
  });
  return { ...result, steps, ...defined({ workers: backend.workers }) };
}

/**
 * Returns the items for supervised fine-tuning. The targets are corpus texts, the photos' reasoning texts, or
 * annotators' captions.
 */
async function itemsOf(
  photos: readonly TrainingExample[],
  { source, annotators, corpora = [], signal, onNote = () => {} }: PolicyOptions,
  recipe: SftRecipe,
): Promise<SftItem[]> {
  const { seed, reasoning, target } = recipe;
  if (corpora.length > 0) {
    const parts = corpora.map((corpus) => corpus.items(photos, { seed }));
    onNote(`Corpora: ${corpora.map(({ name }, i) => `${parts[i]!.length} ${name}`).join(', ')}.`);
    return parts.flat();
  }
  if (source.hasReasonings) {
    return photos.map((photo) => ({
      image: photo.image,
      target: supervisedTarget(photo, { withReasoning: reasoning, target }),
    }));
  }
  if (annotators.length === 0) {
    throw invalidInput(
      `The photos of ${source.name} have no reasonings to learn from.`,
      'Name annotators in the recipe (data.annotators), or train on a curated dataset.',
    );
  }
  const { captions, unreadable } = await noisyCaptions(photos, annotators, { seed, signal });
  onNote(`${captions.length} captions of ${photos.length} photos; ${unreadable} answers could not be read.`);
  return captions;
}

function sftSteps(
  { backend, signal, now }: Session,
  { recipe, items, steps }: { recipe: SftRecipe; items: readonly SftItem[]; steps: number },
): (step: number) => Promise<StepResult<Omit<SftMetrics, 'times'>>> {
  const order = dataOrder({ count: items.length, batchSize: recipe.batchSize, seed: recipe.seed });
  const rate = learningRateOf(recipe, steps);
  const prompt = locatePrompt({ reasoning: recipe.reasoning, form: recipe.prompt });
  return async (step) => {
    const batch = order.batch(step).map((i) => items[i]!);
    const learningRate = rate(step);
    const { times, ...metrics } = await sftStep(batch, { backend, prompt, learningRate, signal, now });
    return { metrics: { ...metrics, learningRate }, times };
  };
}

type GrpoSetup = {
  readonly recipe: GrpoRecipe;
  readonly photos: readonly TrainingExample[];
  readonly steps: number;
  /** The frozen reference policy, if the preset has a KL term. */
  readonly reference?: FrozenModel;
};

/**
 * Returns the labels that the segmentation found in any of these photos. A claim that a photo shows a thing is
 * contradicted only if the photo lacks the thing and the thing is among these labels.
 */
const labelsOf = (photos: readonly TrainingExample[]): string[] => [
  ...new Set(photos.flatMap(({ elements = [] }) => elements.map(({ label }) => label))),
];

function grpoSteps(
  { backend, signal, now, reward: serviceReward, gazetteer, grounder, judge, verifier }: Session,
  { recipe, photos, steps, reference }: GrpoSetup,
): (step: number) => Promise<StepResult<GrpoRecord>> {
  const { groupSize, minibatches, iterations, temperature, topP, topK, maxCompletionTokens, seed } = recipe;
  const order = dataOrder({ count: photos.length, batchSize: recipe.batchSize, seed });
  const rate = learningRateOf(recipe, steps);
  const preset = presetOf(recipe);
  const rewardAt =
    serviceReward === undefined
      ? stepRewards({
          recipe: recipe.reward,
          steps,
          gazetteer,
          grounder,
          vocabulary: labelsOf(photos),
          ...defined({ judge, verifier }),
        })
      : () => ({ reward: serviceReward });
  return async (step) => {
    const { reward, ...scheduled } = rewardAt(step);
    const { metrics, rollouts } = await grpoStep(
      order.batch(step).map((i) => photos[i]!),
      {
        backend,
        reward,
        preset,
        prompt: locatePrompt({ reasoning: recipe.reasoning, form: recipe.prompt }),
        groupSize,
        minibatches,
        iterations,
        learningRate: rate(step),
        sampling: {
          maxTokens: maxCompletionTokens,
          temperature,
          ...defined({ topP, topK }),
        },
        seed: `${seed}/${step}`,
        signal,
        now,
        ...(reference && { reference }),
      },
    );
    const { times, ...record } = metrics;
    return {
      metrics: { ...record, ...scheduled, learningRate: rate(step) },
      times,
      samples: rollouts.slice(0, RECORDED_SAMPLES).map(sampleRecord),
    };
  };
}

function presetOf({ preset: name, beta, maxCompletionTokens }: GrpoRecipe): ReturnType<typeof grpoPreset> {
  const preset = grpoPreset(name, { maxCompletionTokens });
  if (beta === undefined) return preset;
  const { kl: _, ...loss } = preset.loss;
  return { ...preset, loss: beta === 0 ? loss : { ...loss, kl: { coefficient: beta } } };
}

function sampleRecord({ example, completion, reward, sample }: Rollout): Record<string, unknown> {
  const { components, total } = reward;
  return { id: example.id, truth: example.truth, completion, finishReason: sample.finishReason, components, total };
}

async function evaluation(
  { backend, gazetteer, recipe, signal }: Session,
  heldOut: readonly TrainingExample[],
): Promise<Readonly<Record<string, unknown>>> {
  const answers = await evaluatePolicy(heldOut, {
    backend,
    gazetteer,
    prompt: locatePrompt({ reasoning: recipe.reasoning, form: recipe.prompt }),
    maxTokens: recipe.maxCompletionTokens,
    signal,
  });
  return {
    ...measure(
      answers.map(({ measured }) => measured),
      { intervalsByOwner: false },
    ),
  };
}

function description(recipe: PolicyRecipe): string {
  return `Trained by ${recipe.method} on ${recipe.data.train} (seed ${recipe.seed}). A small model of a generated world of drawings: it knows nothing of real photos.`;
}
