/**
 * The main job as units of work: a small world, the base's answers, a curated set of the world, training by GRPO, and
 * the trained model's answers. Finished units stay on disk, so the job can resume.
 */
import { join } from 'node:path';
import { defined } from '../../core/defined.ts';
import type { Recipe } from '../../curation/recipe/recipe.ts';
import type { Unit } from '../../storage/units.ts';
import type { GrpoRecipe } from '../../training/recipe.ts';
import { MODEL_FOLDER } from '../../training/train.ts';
import { base, grpo } from '../arms.ts';
import { readPredictions } from '../measures.ts';
import type { Resources } from '../resources.ts';
import type { PredictionLine } from '../results.ts';
import { makeCuration } from '../units/curation.ts';
import { makeEvaluation } from '../units/evaluation.ts';
import { CURATION_PART, WORLD_PART } from '../units/names.ts';
import { makeTraining } from '../units/training.ts';
import { weightsDigest } from '../units/weights-digest.ts';
import { makeWorld } from '../units/world.ts';

export type StartPlan = {
  /** The training recipe. The job replaces its fields `model`, `data.train` and `data.evaluation`. */
  readonly recipe: GrpoRecipe;
  readonly curation: Recipe;
  /** Folder of the checkpoint that training starts from. */
  readonly base: string;
  /**
   * Folder of a trained judge of localizability. With a judge, the page also shows the accuracy if the model declines
   * the photos that the judge finds least localizable.
   */
  readonly judge?: string;
  readonly world: { readonly scenes: number; readonly seed: number };
};

export const START_UNITS = {
  world: 'world',
  before: 'answers-before',
  curated: 'curated',
  training: 'training',
  after: 'answers-after',
} as const;

/** Seeds of the sampled answers. Sampled answers show the effect of training earlier than greedy answers. */
export const DRAWS = [1, 2, 3, 4] as const;

export type StartFolders = {
  readonly world: string;
  readonly curated: string;
  readonly training: string;
  readonly model: string;
  readonly answers: Readonly<Record<'before' | 'after', string>>;
};

/** Returns the subfolders of the job. */
export function startFolders(root: string): StartFolders {
  return {
    world: join(root, START_UNITS.world, WORLD_PART),
    curated: join(root, START_UNITS.curated, CURATION_PART),
    training: join(root, START_UNITS.training),
    model: join(root, START_UNITS.training, MODEL_FOLDER),
    answers: { before: join(root, START_UNITS.before), after: join(root, START_UNITS.after) },
  };
}

/** Returns the recipe with the paths of this job. */
function startRecipe({ recipe, base }: StartPlan, { world, curated }: StartFolders): GrpoRecipe {
  return { ...recipe, model: { checkpoint: base }, data: { ...recipe.data, train: curated, evaluation: world } };
}

/** SHA-256 of the initial weights, in hexadecimal. */
export type Digests = { readonly base: string; readonly judge?: string };

/** Computes the digests. Throws `invalid-input` if a folder has no model. */
export async function digestsOf({ base, judge }: StartPlan): Promise<Digests> {
  return { base: await weightsDigest(base), ...(judge !== undefined && { judge: await weightsDigest(judge) }) };
}

type UnitsOptions = { readonly root: string; readonly resources: Resources; readonly digests: Digests };

/** Returns the units in the order in which the terminal reports them. */
export function startUnits(plan: StartPlan, options: UnitsOptions): Unit[] {
  const { resources } = options;
  const folders = startFolders(options.root);
  return [
    makeWorld({ name: START_UNITS.world, world: plan.world, resources }),
    answersUnit('before', plan, options),
    makeCuration({
      name: START_UNITS.curated,
      needs: [START_UNITS.world],
      settings: { curation: plan.curation },
      recipe: plan.curation,
      world: folders.world,
      resources,
    }),
    trainingUnit(plan, options),
    answersUnit('after', plan, options),
  ];
}

function trainingUnit(plan: StartPlan, { root, resources, digests }: UnitsOptions): Unit {
  const { recipe } = plan;
  const withoutPaths = { ...recipe, model: {}, data: { ...recipe.data, train: '', evaluation: '' } };
  const unit = makeTraining({
    name: START_UNITS.training,
    kind: 'grpo',
    needs: [START_UNITS.curated],
    settings: { recipe: withoutPaths, base: digests.base },
    recipe: () => startRecipe(plan, startFolders(root)),
    resources,
  });
  return {
    ...unit,
    make: async (options) => {
      // The time of the training steps is dropped. The main job reports the elapsed time, which includes loading and
      // saving.
      const { seconds: _, ...facts } = await unit.make(options);
      return facts;
    },
  };
}

function answersUnit(when: 'before' | 'after', plan: StartPlan, { root, resources, digests }: UnitsOptions): Unit {
  const { prompt, maxCompletionTokens, temperature } = plan.recipe;
  const draws = { temperature, seeds: DRAWS };
  const folders = startFolders(root);
  const before = when === 'before';
  const unit = makeEvaluation({
    name: START_UNITS[when],
    needs: before ? [START_UNITS.world] : [START_UNITS.world, START_UNITS.training],
    settings: {
      prompt,
      maxCompletionTokens,
      draws,
      ...defined({ judge: digests.judge }),
      ...(before && { base: digests.base }),
    },
    arm: before ? base('vit') : grpo('vit', { rewards: ['vgc', 'ga'] }),
    model: before ? plan.base : folders.model,
    world: folders.world,
    prompt,
    maxTokens: maxCompletionTokens,
    judge: plan.judge,
    draws,
    resources,
  });
  return {
    ...unit,
    make: async (options) => {
      const facts = await unit.make(options);
      options.onNote(cityLevelWords(await readPredictions(options.run.path)));
      return facts;
    },
  };
}

/**
 * Describes a model's accuracy in words. The text has no interval, because computing one needs a bootstrap over owners,
 * which only the page does.
 */
function cityLevelWords(lines: readonly PredictionLine[]): string {
  const localizable = lines.filter((line) => line.localizable);
  const hits = localizable.filter(({ distanceKm }) => distanceKm !== undefined && distanceKm <= 25).length;
  return `${hits} of ${localizable.length} localizable photos are placed within 25 km`;
}
