/** The recipe of every training of a plan: the plan's fields, and paths, images, rewards and seed filled in here alone. */
import { z } from 'zod';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { parseRecipe } from '../curation/recipe/read-recipe.ts';
import { MODES } from '../curation/recipe/recipe.ts';
import type { Mode, Recipe } from '../curation/recipe/recipe.ts';
import { trainRecipeSchema } from '../training/recipe.ts';
import type { TrainRecipe } from '../training/recipe.ts';
import { rewardModelRecipeSchema } from '../training/reward-model/recipe.ts';
import type { RewardModelRecipe } from '../training/reward-model/recipe.ts';
import { BACKBONES, FAMILIES, FAMILY_BACKBONE, grpo, sft } from './arms.ts';
import type { Backbone, CuratedSet, PolicyArm, RewardName, TrainedArm } from './arms.ts';
import type { Plan } from './plan-schema.ts';

/** Where a training finds what it needs. */
export type Inputs = {
  readonly baseWorld: string;
  readonly curationWorld: string;
  /** An image encoder from before language. */
  tower(backbone: Backbone): string;
  /** Checkpoint of a base. */
  base(backbone: Backbone): string;
  /** A curated dataset. */
  curated(set: CuratedSet): string;
  /** `nano:FOLDER`. */
  readonly judge: string;
};

/** What the plan says of a training: decides its result with the program's own defaults, which runs record by version. */
export type RecipeFields = Readonly<Record<string, unknown>>;

/** Throws `invalid-input` where the plan gives a field that follows from the rest of it. */
function combined(given: RecipeFields, fixed: RecipeFields, label: string): RecipeFields {
  const twice = Object.keys(fixed).find((key) => key in given);
  if (twice !== undefined) {
    throw invalidInput(`${label} sets "${twice}", which follows from the rest of the plan.`, `Remove "${twice}".`);
  }
  // Arms are measured once, at the end and all alike; nothing is held out of their training.
  return { evaluateEvery: 0, ...given, ...fixed };
}

/** Throws `invalid-input` that names the part of the plan. */
export function trainRecipe(fields: RecipeFields, label: string): TrainRecipe {
  const parsed = trainRecipeSchema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw invalidInput(`${label} does not make a recipe:\n${z.prettifyError(parsed.error)}`, 'See docs/models.md.');
}

const written = (plan: Plan) => ({ prompt: plan.prompt, maxCompletionTokens: plan.maxCompletionTokens });

type Pretraining = Pick<Inputs, 'baseWorld' | 'tower'>;

const isFields = (value: unknown): value is RecipeFields => typeof value === 'object' && value !== null;

/** What is no model stays as it is: the recipe's schema says what is wrong with it. */
const modelOf = (model: unknown, backbone: Backbone): unknown => (isFields(model) ? { ...model, backbone } : model);

/** Undefined where the plan has no towers. */
export function towerFields(plan: Plan, backbone: Backbone, { baseWorld }: Pretraining): RecipeFields | undefined {
  if (plan.towers === undefined) return undefined;
  const { model, ...rest } = plan.towers[backbone];
  const fixed = { method: 'vision', model: modelOf(model, backbone), data: { train: baseWorld } };
  return combined(rest, fixed, towerPart(backbone));
}

export const towerPart = (backbone: Backbone): string => `towers.${backbone}`;

/**
 * Pretraining of a base: its fields hold `model` without the backbone, `annotators` and, if wanted, `trainImages`. Undefined
 * where the plan names a checkpoint.
 */
export function baseFields(
  plan: Plan,
  backbone: Backbone,
  { baseWorld, tower }: Pretraining,
): RecipeFields | undefined {
  const base = plan.bases[backbone];
  if (typeof base === 'string') return undefined;
  const { model, annotators, trainImages, ...rest } = base;
  return combined(
    rest,
    {
      ...written(plan),
      method: 'sft',
      model: modelOf(plan.towers && isFields(model) ? { ...model, tower: tower(backbone) } : model, backbone),
      data: { train: baseWorld, annotators, ...defined({ trainImages }) },
    },
    basePart(backbone),
  );
}

export const basePart = (backbone: Backbone): string => `bases.${backbone}`;

/** The part of the plan that an arm's recipe comes from. */
export const armPart = (arm: TrainedArm): string =>
  arm.kind === 'family' ? `families.${arm.family}` : `training.${arm.kind}.${arm.backbone}`;

/** The recipe of one arm's training with one seed. */
export function armFields(
  plan: Plan,
  arm: TrainedArm,
  { seed, inputs, part = armPart(arm) }: { seed: number; inputs: Inputs; part?: string },
): RecipeFields {
  if (arm.kind === 'family') {
    const { trainImages, ...rest } = plan.families[arm.family];
    return combined(
      rest,
      {
        method: arm.family,
        seed,
        // The encoder that the generator of Table 2 has, too.
        model: { checkpoint: inputs.base(FAMILY_BACKBONE) },
        data: { train: inputs.baseWorld, ...defined({ trainImages }) },
      },
      part,
    );
  }
  const { images, imageSeed } = plan.curation;
  const fixed = {
    ...written(plan),
    method: arm.kind,
    seed,
    model: { checkpoint: inputs.base(arm.backbone) },
    data: { train: inputs.curated(arm.set), trainImages: arm.images ?? images, imageSeed },
    ...(arm.kind === 'grpo' && { reward: rewardOf(plan, arm.rewards, inputs.judge) }),
  };
  return combined(plan.training[arm.kind][arm.backbone], fixed, part);
}

/** What is searched for: both methods on both backbones, on the multi-source set, GRPO with all rewards. */
export const SEARCHED: readonly PolicyArm[] = BACKBONES.flatMap((backbone) => [sft(backbone), grpo(backbone)]);

/** The plan with the fields of one variant of the search in place of its own. */
export function planOfVariant(plan: Plan, { kind, backbone }: PolicyArm, fields: RecipeFields): Plan {
  const own = plan.training[kind];
  return { ...plan, training: { ...plan.training, [kind]: { ...own, [backbone]: { ...own[backbone], ...fields } } } };
}

function rewardOf({ rewards }: Plan, names: readonly RewardName[], judge: string): Record<string, unknown> {
  const { loc, vgc, ga, format, mode, alpha } = rewards;
  return {
    mode,
    weights: {
      format,
      ...(names.includes('loc') && { localizability: loc }),
      ...(names.includes('vgc') && { visual: vgc }),
      ...(names.includes('ga') && { accuracy: ga }),
    },
    ...defined({ alpha }),
    ...(names.includes('loc') && { judge }),
  };
}

export function curationRecipe(plan: Plan, mode: Mode): Recipe {
  return parseRecipe({ ...plan.curation.recipe, mode }, { label: 'curation.recipe' });
}

/** Undefined where the plan names a judge that is trained already. */
export function judgeRecipe(
  plan: Plan,
  { curationWorld, tower }: Pick<Inputs, 'curationWorld' | 'tower'>,
): RewardModelRecipe | undefined {
  if (typeof plan.judge === 'string') return undefined;
  const { annotators, trainImages, testImages, validationShare, model, ...rest } = plan.judge;
  const data = { world: curationWorld, annotators, trainImages, testImages, validationShare };
  const given = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  const parsed = rewardModelRecipeSchema.safeParse({
    ...rest,
    method: 'reward-model',
    data: given,
    model: plan.towers && isFields(model) ? { ...model, tower: tower(FAMILY_BACKBONE) } : model,
  });
  if (parsed.success) return parsed.data;
  throw invalidInput(`judge does not make a recipe:\n${z.prettifyError(parsed.error)}`, 'Or name one: nano:FOLDER.');
}

const NOWHERE: Inputs = {
  baseWorld: '-',
  curationWorld: '-',
  tower: () => '-',
  base: () => '-',
  curated: () => '-',
  judge: 'nano:-',
};

/** The part of the plan that a variant of the search stands in. */
export const variantPart = ({ kind, backbone }: PolicyArm, number: number): string =>
  `search.${kind}.${backbone}[${number}]`;

/** What a variant leaves out it would take from the plan, which changes with what the search finds. */
function assertSameFields(variant: RecipeFields, { as, part }: { as: RecipeFields; part: string }): void {
  const [own, first] = [variant, as].map((fields) => Object.keys(fields).toSorted().join(', '));
  if (own === first) return;
  throw invalidInput(
    `${part} sets ${own || 'nothing'}, and the first of its list ${first || 'nothing'}.`,
    'Set the same fields in all.',
  );
}

/** Makes every recipe once. Throws `invalid-input` that names the part of the plan. */
export function checkRecipes(plan: Plan, label: string): void {
  const arms: TrainedArm[] = [
    ...FAMILIES.map((family) => ({ kind: 'family', family }) as const),
    ...BACKBONES.flatMap((backbone) => [sft(backbone), grpo(backbone)]),
  ];
  try {
    for (const backbone of BACKBONES) {
      const tower = towerFields(plan, backbone, NOWHERE);
      if (tower !== undefined) trainRecipe(tower, towerPart(backbone));
      const base = baseFields(plan, backbone, NOWHERE);
      if (base !== undefined) trainRecipe(base, basePart(backbone));
    }
    for (const arm of arms) trainRecipe(armFields(plan, arm, { seed: plan.seeds[0]!, inputs: NOWHERE }), armPart(arm));
    for (const arm of SEARCHED) {
      const variants = plan.search[arm.kind][arm.backbone];
      for (const [i, variant] of variants.entries()) {
        const changed = planOfVariant(plan, arm, variant);
        const part = variantPart(arm, i);
        assertSameFields(variant, { as: variants[0]!, part });
        trainRecipe(armFields(changed, arm, { seed: plan.search.seed, inputs: NOWHERE, part }), part);
      }
    }
    for (const mode of MODES) curationRecipe(plan, mode);
    judgeRecipe(plan, NOWHERE);
  } catch (error) {
    throw error instanceof Error
      ? invalidInput(`${label}: ${error.message}`, 'See recipes/reproduce-miniature.yaml.')
      : error;
  }
}
