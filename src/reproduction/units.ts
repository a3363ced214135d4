/** The units of work of a plan: which there are for some arms, what each needs, and how each is made by the layers below. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { defined } from '../core/defined.ts';
import { invalidInput, messageOf } from '../core/errors.ts';
import type { Mode } from '../curation/recipe/recipe.ts';
import { generateWorld } from '../miniature/generate.ts';
import { rewardModelInputs, trainingInputs } from '../miniature/adapters/training-inputs.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import { trainRewardModel } from '../training/reward-model/train-reward-model.ts';
import type { TrainRecipe } from '../training/recipe.ts';
import { MODEL_FOLDER, train } from '../training/train.ts';
import { TRAINING_FILES } from '../training/training-loop.ts';
import {
  type Arm,
  armName,
  type Backbone,
  base,
  type CuratedSet,
  ERROR_SHARES,
  type ErrorSet,
  FAMILY_BACKBONE,
  isErrorSet,
  isTrained,
  type PolicyArm,
  type TrainedArm,
} from './arms.ts';
import type { Resources } from './resources.ts';
import { assertEnough, curateSet } from './curate-set.ts';
import { makeErrorSet } from './error-set.ts';
import { evaluateArm } from './evaluate-arm.ts';
import type { Plan } from './plan.ts';
import {
  armFields,
  armPart,
  baseFields,
  basePart,
  curationRecipe,
  type Inputs,
  judgeRecipe,
  planOfVariant,
  towerFields,
  towerPart,
  trainRecipe,
  variantPart,
} from './recipes.ts';
import type { MakeOptions, Unit } from '../storage/units.ts';

/** In the fingerprint of every unit, the main job's included: folders of runs are accepted by it. */
export const UNITS_COMMAND = 'reproduce';

export const WORLD_UNITS = { base: 'world-base', curation: 'world-curation' } as const;
const JUDGE_UNIT = 'judge';
/** Parts of a unit's folder that hold what it made. */
const WORLD_PART = 'world';
const CURATION_PART = 'curation';

export const towerUnit = (backbone: Backbone): string => `tower-${backbone}`;
export const baseUnit = (backbone: Backbone): string => `base-${backbone}`;
export const curatedUnit = (set: CuratedSet): string => `curated-${set}`;
export const trainingUnit = (arm: TrainedArm, seed: number): string => `${armName(arm)}-seed-${seed}`;
/** Of the search; `number` counts the plan's variants from 0, people count from 1. */
export const variantUnit = (arm: PolicyArm, number: number): string =>
  `search-${arm.kind}-${arm.backbone}-${number + 1}`;
export const validationUnit = (backbone: Backbone): string => `search-${baseUnit(backbone)}`;
export const evaluationUnit = (arm: Arm, seed: number | null): string =>
  `evaluation-${seed === null ? armName(arm) : trainingUnit(arm as TrainedArm, seed)}`;

export type UnitsOptions = {
  readonly plan: Plan;
  readonly root: string;
  /** Checkpoints that stand in for bases of the plan's own. */
  readonly bases: Partial<Readonly<Record<Backbone, string>>>;
  readonly resources: Resources;
};

/** A checkpoint or judge that exists, as a part of what units are made from: by its weights, not its path. */
async function weightsOf(folder: string): Promise<string> {
  const path = join(folder, 'model.safetensors');
  const bytes = await readFile(path).catch((error: unknown) => {
    throw invalidInput(`${folder} holds no model: ${messageOf(error)}.`, 'Name a folder that training wrote.');
  });
  return createHash('sha256').update(bytes).digest('hex');
}

export type UnitFactory = {
  readonly inputs: Inputs;
  world(name: keyof typeof WORLD_UNITS): Unit;
  /** Empty where the plan has none. */
  tower(backbone: Backbone): Unit[];
  /** Empty where a checkpoint was given. */
  base(backbone: Backbone): Unit[];
  /** Empty where the plan names a trained one. */
  judge(): Unit[];
  curated(set: CuratedSet): Unit;
  training(arm: TrainedArm, seed: number): Unit;
  evaluation(arm: Arm, seed: number | null): Unit;
  /** Training with one variant of the search, and its answers to the validation photos. */
  variant(arm: PolicyArm, number: number): readonly [training: Unit, evaluation: Unit];
  /** A base's answers to the validation photos. */
  validation(backbone: Backbone): Unit;
  /** Digests of the weights that were given instead of made. */
  readonly given: Readonly<Record<string, { readonly folder: string; readonly sha256: string }>>;
};

/** Throws `invalid-input` where a given checkpoint or judge is none. */
export async function createUnits({ plan, root, bases, resources }: UnitsOptions): Promise<UnitFactory> {
  const judgeFolder = typeof plan.judge === 'string' ? plan.judge.slice('nano:'.length) : undefined;
  const planned = Object.entries(plan.bases).filter(([, base]) => typeof base === 'string');
  const checkpoints = { ...(Object.fromEntries(planned) as UnitsOptions['bases']), ...bases };
  const folders = { ...checkpoints, ...(judgeFolder !== undefined && { [JUDGE_UNIT]: judgeFolder }) };
  const given = Object.fromEntries(
    await Promise.all(
      Object.entries(folders).map(
        async ([name, folder]) => [name, { folder, sha256: await weightsOf(folder) }] as const,
      ),
    ),
  );
  const part = (unit: string, name: string): string => join(root, unit, name);
  const judge = judgeFolder ?? part(JUDGE_UNIT, MODEL_FOLDER);
  const inputs: Inputs = {
    baseWorld: part(WORLD_UNITS.base, WORLD_PART),
    curationWorld: part(WORLD_UNITS.curation, WORLD_PART),
    tower: (backbone) => part(towerUnit(backbone), MODEL_FOLDER),
    base: (backbone) => checkpoints[backbone] ?? part(baseUnit(backbone), MODEL_FOLDER),
    curated: (set) => part(curatedUnit(set), CURATION_PART),
    judge: `nano:${judge}`,
  };
  /** The same recipes with names for paths: what decides a unit's result, wherever its folder lies. */
  const named: Inputs = {
    baseWorld: WORLD_UNITS.base,
    curationWorld: WORLD_UNITS.curation,
    tower: towerUnit,
    base: (backbone) => given[backbone]?.sha256 ?? baseUnit(backbone),
    curated: curatedUnit,
    judge: given[JUDGE_UNIT]?.sha256 ?? JUDGE_UNIT,
  };
  const needsBase = (backbone: Backbone): string[] => (given[backbone] === undefined ? [baseUnit(backbone)] : []);
  const needsTower = (backbone: Backbone): string[] => (plan.towers === undefined ? [] : [towerUnit(backbone)]);
  const needsJudge = given[JUDGE_UNIT] === undefined ? [JUDGE_UNIT] : [];

  const makeTraining =
    (recipe: TrainRecipe, usesJudge: boolean) =>
    async ({ run, signal, onProgress, onNote }: MakeOptions): Promise<Record<string, unknown>> => {
      await writeFileAtomic(run.file('recipe.yaml'), stringify(recipe));
      const result = await train({
        ...(await trainingInputs(recipe)),
        recipe,
        run,
        gazetteer: resources.gazetteer,
        grounder: resources.grounder,
        ...(usesJudge && { judge: await resources.judge(judge) }),
        signal,
        now: resources.now,
        onNote,
        onStep: (step, steps, { metrics }) => onProgress(step + 1, steps, describeStep(metrics)),
      });
      const { resumedAt: _, ...facts } = result;
      return { ...facts, seconds: await stepSeconds(run.file(TRAINING_FILES.times)) };
    };

  const curated = (set: Mode): Unit => ({
    name: curatedUnit(set),
    kind: 'curation',
    needs: [WORLD_UNITS.curation],
    settings: { recipe: plan.curation.recipe, mode: set },
    make: async ({ run, signal, onProgress }) =>
      curateSet({
        recipe: curationRecipe(plan, set),
        world: inputs.curationWorld,
        root: run.path,
        name: CURATION_PART,
        gazetteer: resources.gazetteer,
        grounder: resources.grounder,
        signal,
        onProgress,
      }),
  });

  const errorSet = (set: ErrorSet): Unit => {
    const { images, imageSeed: seed } = plan.curation;
    const errorShare = ERROR_SHARES[set];
    return {
      name: curatedUnit(set),
      kind: 'curation',
      needs: [curatedUnit('random')],
      settings: { images, errorShare, seed },
      make: async ({ run, signal }) =>
        makeErrorSet({
          source: inputs.curated('random'),
          images,
          errorShare,
          seed,
          folder: run.file(CURATION_PART),
          gazetteer: resources.gazetteer,
          signal,
        }),
    };
  };

  /** Training of an arm by a plan: the reproduction's own, or one with a variant of the search in it. */
  const trainingOf = (
    arm: TrainedArm,
    { name, by, seed, label }: { name: string; by: Plan; seed: number; label: string },
  ): Unit => ({
    name,
    kind: arm.kind,
    needs:
      arm.kind === 'family'
        ? [WORLD_UNITS.base, ...needsBase(FAMILY_BACKBONE)]
        : [...needsBase(arm.backbone), curatedUnit(arm.set), ...(usesJudge(arm) ? needsJudge : [])],
    settings: { recipe: armFields(by, arm, { seed, inputs: named, part: label }) },
    make: async (options) => {
      if (arm.kind !== 'family') await assertEnough(inputs.curated(arm.set), arm.images ?? by.curation.images);
      const recipe = trainRecipe(armFields(by, arm, { seed, inputs, part: label }), label);
      return makeTraining(recipe, usesJudge(arm))(options);
    },
  });

  type Asked = {
    readonly world: keyof typeof WORLD_UNITS;
    readonly model: string | undefined;
    readonly judged: boolean;
  };

  /** An arm's answers to the test photos of a world. */
  const answersTo = async (
    arm: Arm,
    { world, model, judged }: Asked,
    { run, signal, onProgress }: MakeOptions,
  ): Promise<{ n: number }> => {
    const folder = world === 'base' ? inputs.baseWorld : inputs.curationWorld;
    return evaluateArm({
      arm,
      ...defined({ model }),
      photos: await resources.testPhotos(folder, signal),
      world: folder,
      prompt: plan.prompt,
      maxTokens: plan.maxCompletionTokens,
      gazetteer: resources.gazetteer,
      grounder: resources.grounder,
      ...(judged && { judge: await resources.judge(judge) }),
      folder: run.path,
      signal,
      onProgress,
    });
  };
  const asked = (arm: Arm): Record<string, unknown> => ({
    arm,
    prompt: plan.prompt,
    maxCompletionTokens: plan.maxCompletionTokens,
    ...(arm.kind === 'base' && { base: named.base(arm.backbone) }),
  });

  /** Answers to the validation photos. */
  const validated = (
    arm: Arm,
    { name, needs, model }: { name: string; needs: readonly string[]; model: string },
  ): Unit => ({
    name: `evaluation-${name}`,
    kind: 'evaluation',
    needs: [WORLD_UNITS.curation, ...needs],
    settings: asked(arm),
    make: (options) => answersTo(arm, { world: 'curation', model, judged: false }, options),
  });

  return {
    inputs,
    given,
    world: (name) => ({
      name: WORLD_UNITS[name],
      kind: 'world',
      needs: [],
      settings: { world: plan.worlds[name] },
      make: async ({ run, signal, onProgress }) => {
        const { scenes } = plan.worlds[name];
        const manifest = await generateWorld({
          ...plan.worlds[name],
          out: run.file(WORLD_PART),
          gazetteer: resources.gazetteer,
          signal,
          onProgress: (done) => onProgress(done, scenes),
        });
        return { digest: manifest.digest, counts: manifest.counts };
      },
    }),
    tower: (backbone) => {
      const fields = towerFields(plan, backbone, named);
      if (fields === undefined) return [];
      const recipe = trainRecipe(towerFields(plan, backbone, inputs)!, towerPart(backbone));
      return [
        {
          name: towerUnit(backbone),
          kind: 'tower',
          needs: [WORLD_UNITS.base],
          settings: { recipe: fields },
          make: makeTraining(recipe, false),
        },
      ];
    },
    base: (backbone) => {
      const fields = given[backbone] === undefined ? baseFields(plan, backbone, named) : undefined;
      if (fields === undefined) return [];
      return [
        {
          name: baseUnit(backbone),
          kind: 'base',
          needs: [WORLD_UNITS.base, ...needsTower(backbone)],
          settings: { recipe: fields },
          make: makeTraining(trainRecipe(baseFields(plan, backbone, inputs)!, basePart(backbone)), false),
        },
      ];
    },
    judge: () =>
      given[JUDGE_UNIT] !== undefined
        ? []
        : [
            {
              name: JUDGE_UNIT,
              kind: 'judge',
              needs: [WORLD_UNITS.curation, ...needsTower(FAMILY_BACKBONE)],
              settings: { recipe: plan.judge },
              make: async ({ run, signal, onNote }) => {
                const recipe = judgeRecipe(plan, inputs)!;
                await writeFileAtomic(run.file('recipe.yaml'), stringify(recipe));
                const { gazetteer } = resources;
                const report = await trainRewardModel({
                  ...(await rewardModelInputs(recipe, gazetteer)),
                  recipe,
                  out: run.file(MODEL_FOLDER),
                  gazetteer,
                  signal,
                  onNote,
                });
                return { report };
              },
            },
          ],
    curated: (set) => (isErrorSet(set) ? errorSet(set) : curated(set)),
    training: (arm, seed) => trainingOf(arm, { name: trainingUnit(arm, seed), by: plan, seed, label: armPart(arm) }),
    variant: (arm, number) => {
      const name = variantUnit(arm, number);
      const by = planOfVariant(plan, arm, plan.search[arm.kind][arm.backbone][number]!);
      return [
        trainingOf(arm, { name, by, seed: plan.search.seed, label: variantPart(arm, number) }),
        validated(arm, { name, needs: [name], model: part(name, MODEL_FOLDER) }),
      ];
    },
    validation: (backbone) =>
      validated(base(backbone), {
        name: validationUnit(backbone),
        needs: needsBase(backbone),
        model: inputs.base(backbone),
      }),
    evaluation: (arm, seed) => ({
      name: evaluationUnit(arm, seed),
      kind: 'evaluation',
      needs: [
        WORLD_UNITS.base,
        ...needsJudge,
        ...(isTrained(arm) ? [trainingUnit(arm, seed!)] : arm.kind === 'base' ? needsBase(arm.backbone) : []),
      ],
      settings: { ...asked(arm), seed, judge: named.judge },
      make: (options) =>
        answersTo(arm, { world: 'base', model: modelOf(arm, seed, { inputs, part }), judged: true }, options),
    }),
  };
}

const usesJudge = (arm: TrainedArm): boolean => arm.kind === 'grpo' && arm.rewards.includes('loc');

function modelOf(
  arm: Arm,
  seed: number | null,
  { inputs, part }: { inputs: Inputs; part: (unit: string, name: string) => string },
): string | undefined {
  if (isTrained(arm)) return part(trainingUnit(arm, seed!), MODEL_FOLDER);
  return arm.kind === 'base' ? inputs.base(arm.backbone) : undefined;
}

function describeStep(metrics: Readonly<Record<string, unknown>>): string {
  const { reward, loss } = metrics;
  if (typeof reward === 'number') return `reward ${reward.toFixed(3)}`;
  return typeof loss === 'number' ? `loss ${loss.toFixed(3)}` : '';
}

/** What the steps took, those before a kill included; loading and saving are not. */
async function stepSeconds(path: string): Promise<number> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  const milliseconds = lines.flatMap((line) => {
    const { step: _, ...times } = JSON.parse(line) as Record<string, number>;
    return Object.values(times);
  });
  return milliseconds.reduce((sum, time) => sum + time, 0) / 1000;
}
