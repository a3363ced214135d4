/**
 * The main job as units of work: a small world, a curated set of it, the base's answers, training by GRPO, the answers
 * after it. Each is kept once it is done, so that the job goes on where it was stopped.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../../core/defined.ts';
import type { Recipe } from '../../curation/recipe/recipe.ts';
import { generateWorld } from '../../miniature/generate.ts';
import { trainingInputs } from '../../miniature/adapters/training-inputs.ts';
import { describeEvaluation, describeStep } from '../../training/describe-step.ts';
import type { GrpoRecipe } from '../../training/recipe.ts';
import { MODEL_FOLDER, train } from '../../training/train.ts';
import type { Resources } from '../resources.ts';
import { curateSet } from '../curate-set.ts';
import { evaluateArm } from '../evaluate-arm.ts';
import { readPredictions } from '../measures.ts';
import type { PredictionLine } from '../results.ts';
import type { Unit } from '../../storage/units.ts';

export type StartPlan = {
  /** `model`, `data.train` and `data.evaluation` are filled in by the job. */
  readonly recipe: GrpoRecipe;
  readonly curation: Recipe;
  /** Folder of the checkpoint that training starts from. */
  readonly base: string;
  /** Folder of a trained judge of localizability: with one, the page says what abstention is worth. */
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

/** Answers drawn for each photo beside the greedy one: what training has changed shows there first. */
export const DRAWS = [1, 2, 3, 4] as const;

/** The part of an answers unit's folder that holds one draw. */
export const drawFolder = (answers: string, draw: number): string => join(answers, `draw-${draw}`);

const WORLD_PART = 'world';
const CURATION_PART = 'curation';

export type StartFolders = {
  readonly world: string;
  readonly curated: string;
  readonly training: string;
  readonly model: string;
  readonly answers: Readonly<Record<'before' | 'after', string>>;
};

/** Where the parts of the job lie under its folder. */
export function startFolders(root: string): StartFolders {
  return {
    world: join(root, START_UNITS.world, WORLD_PART),
    curated: join(root, START_UNITS.curated, CURATION_PART),
    training: join(root, START_UNITS.training),
    model: join(root, START_UNITS.training, MODEL_FOLDER),
    answers: { before: join(root, START_UNITS.before), after: join(root, START_UNITS.after) },
  };
}

/** The recipe with the paths of this job. */
export function startRecipe({ recipe, base }: StartPlan, { world, curated }: StartFolders): GrpoRecipe {
  return { ...recipe, model: { checkpoint: base }, data: { ...recipe.data, train: curated, evaluation: world } };
}

/** Hex SHA-256 of the weights that the job is given. */
export type Digests = { readonly base: string; readonly judge?: string };

/** Throws what reading throws. */
export async function digestsOf({ base, judge }: StartPlan): Promise<Digests> {
  return { base: await weightsDigest(base), ...(judge !== undefined && { judge: await weightsDigest(judge) }) };
}

async function weightsDigest(folder: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(join(folder, 'model.safetensors')))
    .digest('hex');
}

/** In the order of the story that the terminal tells. */
export function startUnits(
  plan: StartPlan,
  { root, resources, digests }: { readonly root: string; readonly resources: Resources; readonly digests: Digests },
): Unit[] {
  const folders = startFolders(root);
  const { recipe, curation } = plan;
  const { gazetteer, grounder } = resources;
  const paths = { model: {}, data: { ...recipe.data, train: '', evaluation: '' } };
  return [
    {
      name: START_UNITS.world,
      kind: 'world',
      needs: [],
      settings: { world: plan.world },
      make: async ({ signal, onProgress }) => {
        const { scenes, seed } = plan.world;
        const { counts, digest } = await generateWorld({
          scenes,
          seed,
          out: folders.world,
          gazetteer,
          signal,
          onProgress: (done) => onProgress(done, scenes),
        });
        return { counts, digest };
      },
    },
    answers('before', { arm: { kind: 'base', backbone: 'vit', reasoning: true }, model: plan.base, needs: [] }),
    {
      name: START_UNITS.curated,
      kind: 'curation',
      needs: [START_UNITS.world],
      settings: { curation },
      make: async ({ run, signal, onProgress }) =>
        curateSet({
          recipe: curation,
          world: folders.world,
          root: run.path,
          name: CURATION_PART,
          gazetteer,
          grounder,
          signal,
          onProgress,
        }),
    },
    {
      name: START_UNITS.training,
      kind: 'grpo',
      needs: [START_UNITS.curated],
      settings: { recipe: { ...recipe, ...paths }, base: digests.base },
      make: async ({ run, signal, onProgress, onNote }) => {
        const recipe = startRecipe(plan, folders);
        const { resumedAt: _, ...facts } = await train({
          ...(await trainingInputs(recipe)),
          recipe,
          run,
          gazetteer,
          grounder,
          signal,
          now: resources.now,
          onNote,
          onStep: (step, steps, made) => onProgress(step + 1, steps, describeStep(made)),
          onEvaluation: (step, evaluation) =>
            onNote(`held out, after ${step} steps: ${describeEvaluation(evaluation)}`),
        });
        return facts;
      },
    },
    answers('after', {
      arm: { kind: 'grpo', backbone: 'vit', set: 'full', rewards: ['vgc', 'ga'] },
      model: folders.model,
      needs: [START_UNITS.training],
    }),
  ];

  function answers(
    when: 'before' | 'after',
    { arm, model, needs }: { arm: Parameters<typeof evaluateArm>[0]['arm']; model: string; needs: string[] },
  ): Unit {
    return {
      name: START_UNITS[when],
      kind: 'evaluation',
      needs: [START_UNITS.world, ...needs],
      settings: {
        prompt: recipe.prompt,
        maxCompletionTokens: recipe.maxCompletionTokens,
        draws: { temperature: recipe.temperature, seeds: DRAWS },
        ...defined({ judge: digests.judge }),
        ...(when === 'before' && { base: digests.base }),
      },
      make: async ({ run, signal, onProgress, onNote }) => {
        const photos = await resources.testPhotos(folders.world, signal);
        const asked = {
          arm,
          model,
          photos,
          world: folders.world,
          prompt: recipe.prompt,
          maxTokens: recipe.maxCompletionTokens,
          gazetteer,
          grounder,
          signal,
        };
        const rounds = 1 + DRAWS.length;
        const report =
          (round: number) =>
          (done: number, total: number): void =>
            onProgress(round * total + done, rounds * total);
        const judge = plan.judge === undefined ? undefined : await resources.judge(plan.judge);
        const greedy = { ...asked, folder: run.path, onProgress: report(0) };
        const facts = await evaluateArm(judge === undefined ? greedy : { ...greedy, judge });
        for (const seed of DRAWS) {
          const folder = drawFolder(run.path, seed);
          await mkdir(folder, { recursive: true });
          const draw = { temperature: recipe.temperature, seed };
          await evaluateArm({ ...asked, draw, folder, onProgress: report(seed) });
        }
        onNote(cityLevelWords(await readPredictions(run.path)));
        return facts;
      },
    };
  }
}

/** The first number of each model, at once; its interval over photos that are not independent comes with the page. */
function cityLevelWords(lines: readonly PredictionLine[]): string {
  const localizable = lines.filter((line) => line.localizable);
  const hits = localizable.filter(({ distanceKm }) => distanceKm !== undefined && distanceKm <= 25).length;
  return `${hits} of ${localizable.length} photos that can be placed are placed within 25 km`;
}
