/**
 * Makes the recipe of every training in a plan. Only this file adds paths, images, rewards and the seed to the plan's
 * fields.
 */
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

/** Paths that recipes need. */
export type Inputs = {
  readonly pretrainingWorld: string;
  readonly poolWorld: string;
  readonly testWorld: string;
  /** Returns the folder of a vision tower. */
  tower(backbone: Backbone): string;
  /** Returns the checkpoint folder of a base. */
  base(backbone: Backbone): string;
  /** Returns the folder of a curated dataset. */
  curated(set: CuratedSet): string;
  /** The judge of localizability, as `nano:FOLDER`. */
  readonly judge: string;
};

/** Fields of one training's recipe. Together with the defaults of the program's version, they determine the result. */
export type RecipeFields = Readonly<Record<string, unknown>>;

/** Adds the fields `fixed` to the plan's fields `own`. Throws `invalid-input` if both contain the same field. */
function combined(own: RecipeFields, fixed: RecipeFields, label: string): RecipeFields {
  const field = Object.keys(fixed).find((key) => key in own);
  if (field !== undefined) {
    throw invalidInput(
      `${label} sets "${field}", but other parts of the plan determine this field.`,
      `Remove "${field}".`,
    );
  }
  // Evaluation during training is off, because each arm is evaluated once after training.
  return { evaluateEvery: 0, ...own, ...fixed };
}

/** Checks a recipe. Throws `invalid-input` with `label`, which names the part of the plan. */
export function trainRecipe(fields: RecipeFields, label: string): TrainRecipe {
  const parsed = trainRecipeSchema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw invalidInput(`Invalid recipe from ${label}:\n${z.prettifyError(parsed.error)}`, 'See docs/models.md.');
}

const writingFields = (plan: Plan) => ({ prompt: plan.prompt, maxCompletionTokens: plan.maxCompletionTokens });

type Pretraining = Pick<Inputs, 'pretrainingWorld' | 'tower'>;

const isFields = (value: unknown): value is RecipeFields => typeof value === 'object' && value !== null;

/** Adds the backbone to `model`. An invalid `model` stays unchanged, so that the recipe's schema reports it. */
const modelOf = (model: unknown, backbone: Backbone): unknown => (isFields(model) ? { ...model, backbone } : model);

/** Returns the recipe of an image encoder, or undefined if the plan has no towers. */
export function towerFields(
  plan: Plan,
  backbone: Backbone,
  { pretrainingWorld }: Pretraining,
): RecipeFields | undefined {
  if (plan.towers === undefined) return undefined;
  const { model, ...rest } = plan.towers[backbone];
  const fixed = { method: 'vision', model: modelOf(model, backbone), data: { train: pretrainingWorld } };
  return combined(rest, fixed, towerPart(backbone));
}

export const towerPart = (backbone: Backbone): string => `towers.${backbone}`;

/**
 * Returns the recipe of a base's pretraining, or undefined if the plan uses a checkpoint. In the plan, the recipe has
 * `model` without the backbone, `annotators` or `corpora`, optionally `trainImages`, and the schedule.
 */
export function baseFields(
  plan: Plan,
  backbone: Backbone,
  { pretrainingWorld, tower }: Pretraining,
): RecipeFields | undefined {
  const base = plan.bases[backbone];
  if (typeof base === 'string') return undefined;
  const { model, annotators, corpora, trainImages, ...rest } = base;
  return combined(
    rest,
    {
      ...writingFields(plan),
      method: 'sft',
      model: modelOf(plan.towers && isFields(model) ? { ...model, tower: tower(backbone) } : model, backbone),
      data: { train: pretrainingWorld, ...defined({ annotators, corpora, trainImages }) },
    },
    basePart(backbone),
  );
}

export const basePart = (backbone: Backbone): string => `bases.${backbone}`;

/** Returns the part of the plan from which an arm's recipe is made. */
export const armPart = (arm: TrainedArm): string =>
  arm.kind === 'family' ? `families.${arm.family}` : `training.${arm.kind}.${arm.backbone}`;

/** Returns the recipe of an arm's training with one seed. */
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
        // The families start with the image encoder of the base that Table 2 fine-tunes.
        model: { checkpoint: inputs.base(FAMILY_BACKBONE) },
        data: { train: inputs.pretrainingWorld, ...defined({ trainImages }) },
      },
      part,
    );
  }
  const { images, imageSeed } = plan.curation;
  const fixed = {
    ...writingFields(plan),
    method: arm.kind,
    seed,
    model: { checkpoint: inputs.base(arm.backbone) },
    data: { train: inputs.curated(arm.set), trainImages: arm.images ?? images, imageSeed },
    ...(arm.kind === 'grpo' && { reward: rewardOf(plan, arm.rewards, inputs.judge) }),
  };
  return combined(plan.training[arm.kind][arm.backbone], fixed, part);
}

/**
 * Arms of the hyper-parameter search, for both backbones: SFT, and GRPO with all rewards. Both train on the curated set
 * `full`.
 */
export const SEARCHED: readonly PolicyArm[] = BACKBONES.flatMap((backbone) => [sft(backbone), grpo(backbone)]);

/** Returns the plan with the fields of a search variant instead of its own fields. */
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

/** Returns the recipe of the judge, or undefined if the plan uses a trained judge. */
export function judgeRecipe(
  plan: Plan,
  { pretrainingWorld, tower }: Pick<Inputs, 'pretrainingWorld' | 'tower'>,
): RewardModelRecipe | undefined {
  if (typeof plan.judge === 'string') return undefined;
  const { annotators, trainImages, testImages, validationShare, model, ...rest } = plan.judge;
  const data = { world: pretrainingWorld, annotators, trainImages, testImages, validationShare };
  const setFields = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  const parsed = rewardModelRecipeSchema.safeParse({
    ...rest,
    method: 'reward-model',
    data: setFields,
    model: plan.towers && isFields(model) ? { ...model, tower: tower(FAMILY_BACKBONE) } : model,
  });
  if (parsed.success) return parsed.data;
  throw invalidInput(
    `Invalid recipe in the plan’s field judge:\n${z.prettifyError(parsed.error)}`,
    'Correct the recipe, or use nano:FOLDER.',
  );
}

const NOWHERE: Inputs = {
  pretrainingWorld: '-',
  poolWorld: '-',
  testWorld: '-',
  tower: () => '-',
  base: () => '-',
  curated: () => '-',
  judge: 'nano:-',
};

/** Returns where the plan defines a search variant, for error messages. */
export const variantPart = ({ kind, backbone }: PolicyArm, number: number): string =>
  `search.${kind}.${backbone}[${number}]`;

/**
 * Throws if a variant sets other fields than the first variant of its list. If a variant omitted a field, the value in
 * `training` would apply without notice.
 */
function assertSameFields(variant: RecipeFields, { as, part }: { as: RecipeFields; part: string }): void {
  const [own, first] = [variant, as].map((fields) => Object.keys(fields).toSorted().join(', '));
  if (own === first) return;
  throw invalidInput(
    `${part} sets ${own || 'no fields'}, but the first variant of its list sets ${first || 'no fields'}.`,
    'Set the same fields in all variants.',
  );
}

/** Checks every recipe of the plan by making it. Throws `invalid-input` with the name of the invalid part. */
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
      ? invalidInput(`${label}: ${error.message}`, 'See the example recipes/reproduce-miniature.yaml.')
      : error;
  }
}
