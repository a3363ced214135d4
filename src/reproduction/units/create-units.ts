/** Creates the units of a plan, with their dependencies and the settings that determine their results. */
import { unseenCities } from '../../miniature/coverage.ts';
import { defined } from '../../core/defined.ts';
import type { Unit } from '../../storage/units.ts';
import {
  type Arm,
  type Backbone,
  base,
  type CuratedSet,
  FAMILY_BACKBONE,
  isDoseSet,
  isTrained,
  type PolicyArm,
  type TrainedArm,
} from '../arms.ts';
import { isRegistered } from '../tables.ts';
import { assertEnough } from '../curate-set.ts';
import type { Plan } from '../plan-schema.ts';
import {
  armFields,
  armPart,
  baseFields,
  basePart,
  curationRecipe,
  type Inputs,
  planOfVariant,
  towerFields,
  towerPart,
  trainRecipe,
  variantPart,
} from '../recipes.ts';
import { contextOf, modelOf, type PlanContext, type UnitsOptions } from './context.ts';
import { makeCuration } from './curation.ts';
import { makeDose } from './dose-set.ts';
import { makeGates } from './gates.ts';
import { type EvaluationUnitOptions, makeEvaluation } from './evaluation.ts';
import { makeJudge } from './judge.ts';
import {
  baseUnit,
  curatedUnit,
  evaluationUnit,
  gatesUnit,
  pilotUnit,
  towerUnit,
  trainingUnit,
  validationUnit,
  variantUnit,
  WORLD_UNITS,
} from './names.ts';
import { makeTraining } from './training.ts';
import { makeWorld } from './world.ts';

export type UnitFactory = {
  readonly inputs: Inputs;
  world(name: keyof typeof WORLD_UNITS): Unit;
  /** Returns the unit that pretrains an image encoder. Empty if the plan has no towers. */
  tower(backbone: Backbone): Unit[];
  /** Returns the unit that pretrains a base. Empty if the plan uses an existing checkpoint. */
  base(backbone: Backbone): Unit[];
  /** Returns the unit that probes a base and checks the gates. Empty if the plan has no gates. */
  gates(backbone: Backbone): Unit[];
  /** Returns the unit that trains the judge. Empty if the plan uses a trained judge. */
  judge(): Unit[];
  curated(set: CuratedSet): Unit;
  training(arm: TrainedArm, seed: number): Unit;
  evaluation(arm: Arm, seed: number | null): Unit;
  /** Returns the unit of an arm's answers to the validation photos, for the pilot. */
  pilot(arm: Arm, seed: number | null): Unit;
  /** Returns two units: the training of a search variant, and the trained model's answers to the validation photos. */
  variant(arm: PolicyArm, number: number): readonly [training: Unit, evaluation: Unit];
  /** Returns the unit of a base's answers to the validation photos. */
  validation(backbone: Backbone): Unit;
  /** Existing weights that the reproduction uses but did not train. */
  readonly existing: PlanContext['existing'];
};

/** Creates the units of a plan. Throws `invalid-input` if a checkpoint or judge of the plan does not exist. */
export async function createUnits(options: UnitsOptions): Promise<UnitFactory> {
  const context = await contextOf(options);
  const { plan, inputs, needs, existing } = context;
  return {
    inputs,
    existing,
    world: (name) => worldOf(name, context),
    gates: (backbone) => (plan.gates === undefined ? [] : [makeGates(backbone, context)]),
    tower: (backbone) => towerOf(backbone, context),
    base: (backbone) => baseOf(backbone, context),
    judge: () => (needs.judge.length === 0 ? [] : [makeJudge(context)]),
    curated: (set) => curatedOf(set, context),
    training: (arm, seed) =>
      trainingOf(arm, { name: trainingUnit(arm, seed), plan, seed, part: armPart(arm) }, context),
    variant: (arm, number) => variantOf(arm, number, context),
    validation: (backbone) => {
      const own = {
        name: `evaluation-${validationUnit(backbone)}`,
        needs: needs.base(backbone),
        model: inputs.base(backbone),
      };
      return validationOf(base(backbone), own, context);
    },
    pilot: (arm, seed) => pilotOf(arm, seed, context),
    evaluation: (arm, seed) => evaluationOf(arm, seed, context),
  };
}

/** The test world depends on the gates' unit, so it is drawn only after the registered backbone has met the gates. */
function worldOf(name: keyof typeof WORLD_UNITS, { plan, resources }: PlanContext): Unit {
  const world = makeWorld({ name: WORLD_UNITS[name], world: plan.worlds[name], resources });
  return name === 'test' && plan.gates !== undefined ? { ...world, needs: [gatesUnit(FAMILY_BACKBONE)] } : world;
}

function towerOf(backbone: Backbone, { plan, inputNames, inputs, resources }: PlanContext): Unit[] {
  const recipe = towerFields(plan, backbone, inputNames);
  if (recipe === undefined) return [];
  return [
    makeTraining({
      name: towerUnit(backbone),
      kind: 'tower',
      needs: [WORLD_UNITS.pretraining],
      settings: { recipe },
      recipe: () => trainRecipe(towerFields(plan, backbone, inputs)!, towerPart(backbone)),
      resources,
    }),
  ];
}

function baseOf(backbone: Backbone, { plan, existing, inputNames, inputs, needs, resources }: PlanContext): Unit[] {
  const recipe = existing[backbone] === undefined ? baseFields(plan, backbone, inputNames) : undefined;
  if (recipe === undefined) return [];
  return [
    makeTraining({
      name: baseUnit(backbone),
      kind: 'base',
      needs: [WORLD_UNITS.pretraining, ...needs.tower(backbone)],
      settings: { recipe },
      recipe: () => trainRecipe(baseFields(plan, backbone, inputs)!, basePart(backbone)),
      resources,
    }),
  ];
}

function curatedOf(set: CuratedSet, context: PlanContext): Unit {
  if (isDoseSet(set)) return makeDose(set, context);
  const { plan, inputs, resources } = context;
  return makeCuration({
    name: curatedUnit(set),
    needs: [WORLD_UNITS.pool],
    settings: { recipe: plan.curation.recipe, mode: set },
    recipe: curationRecipe(plan, set),
    world: inputs.poolWorld,
    resources,
  });
}

type TrainingOptions = {
  readonly name: string;
  /** The plan of the reproduction. For a search variant, it contains the variant's fields. */
  readonly plan: Plan;
  readonly seed: number;
  /** The part of the plan that the recipe comes from, for error messages. */
  readonly part: string;
};

function trainingOf(arm: TrainedArm, { name, plan, seed, part }: TrainingOptions, context: PlanContext): Unit {
  const { inputNames, inputs, needs, judge, resources } = context;
  const isJudged = arm.kind === 'grpo' && arm.rewards.includes('loc');
  return makeTraining({
    name,
    kind: arm.kind,
    needs:
      arm.kind === 'family'
        ? [WORLD_UNITS.pretraining, ...needs.base(FAMILY_BACKBONE)]
        : [...needs.base(arm.backbone), curatedUnit(arm.set), ...(isJudged ? needs.judge : [])],
    settings: { recipe: armFields(plan, arm, { seed, inputs: inputNames, part }) },
    recipe: async () => {
      if (arm.kind !== 'family') await assertEnough(inputs.curated(arm.set), arm.images ?? plan.curation.images);
      return trainRecipe(armFields(plan, arm, { seed, inputs, part }), part);
    },
    judge: isJudged ? judge : undefined,
    resources,
  });
}

function variantOf(arm: PolicyArm, number: number, context: PlanContext): readonly [Unit, Unit] {
  const { search } = context.plan;
  const name = variantUnit(arm, number);
  const plan = planOfVariant(context.plan, arm, search[arm.kind][arm.backbone][number]!);
  return [
    trainingOf(arm, { name, plan, seed: search.seed, part: variantPart(arm, number) }, context),
    validationOf(arm, { name: `evaluation-${name}`, needs: [name], model: context.modelIn(name) }, context),
  ];
}

/** Returns the settings that, together with the model, determine an arm's answers. */
const answerSettings = (arm: Arm, { plan, inputNames }: PlanContext) => ({
  arm,
  prompt: plan.prompt,
  maxCompletionTokens: plan.maxCompletionTokens,
  answers: plan.answers,
  ...(arm.kind === 'base' && { base: inputNames.base(arm.backbone) }),
});

/** Returns the unit of an arm's answers to the validation photos, for the pilot. */
function pilotOf(arm: Arm, seed: number | null, context: PlanContext): Unit {
  const own = isTrained(arm) ? [trainingUnit(arm, seed!)] : arm.kind === 'base' ? context.needs.base(arm.backbone) : [];
  return validationOf(arm, { name: pilotUnit(arm, seed), needs: own, model: modelOf(arm, seed, context) }, context);
}

/** Returns a unit of an arm's answers to the validation photos. */
function validationOf(
  arm: Arm,
  { name, needs, model }: Pick<EvaluationUnitOptions, 'name' | 'needs' | 'model'>,
  context: PlanContext,
): Unit {
  const { plan, inputs, resources } = context;
  return makeEvaluation({
    name,
    needs: [WORLD_UNITS.pretraining, ...needs],
    settings: { ...answerSettings(arm, context), ...defined({ photos: plan.validationPhotos }) },
    ...defined({ limit: plan.validationPhotos }),
    arm,
    model,
    world: inputs.pretrainingWorld,
    prompt: plan.prompt,
    maxTokens: plan.maxCompletionTokens,
    answers: plan.answers,
    untunedCities: unseenCities(plan.worlds.pool.unseen),
    resources,
  });
}

/** Returns the unit of an arm's answers to the test photos of the tables. */
function evaluationOf(arm: Arm, seed: number | null, context: PlanContext): Unit {
  const { plan, inputs, inputNames, needs, judge, resources } = context;
  // The registered arms answer all test photos. All other arms answer only the photos of the tables.
  const registered = isRegistered(arm) && (seed === null || plan.registered?.seeds?.includes(seed) === true);
  const limit = registered ? undefined : plan.tablePhotos;
  const own = isTrained(arm) ? [trainingUnit(arm, seed!)] : arm.kind === 'base' ? needs.base(arm.backbone) : [];
  return makeEvaluation({
    name: evaluationUnit(arm, seed),
    needs: [WORLD_UNITS.test, ...needs.judge, ...own],
    settings: { ...answerSettings(arm, context), ...defined({ photos: limit }), seed, judge: inputNames.judge },
    ...defined({ limit }),
    arm,
    model: modelOf(arm, seed, context),
    world: inputs.testWorld,
    prompt: plan.prompt,
    maxTokens: plan.maxCompletionTokens,
    answers: plan.answers,
    untunedCities: unseenCities(plan.worlds.pool.unseen),
    judge,
    resources,
  });
}
