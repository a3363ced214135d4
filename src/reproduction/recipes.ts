/** The recipe of every training of a plan: the plan's fields, and paths, images, rewards and seed filled in here alone. */
import { z } from 'zod';
import { invalidInput } from '../core/errors.ts';
import { parseRecipe } from '../curation/read-recipe.ts';
import { MODES } from '../curation/recipe.ts';
import type { Mode, Recipe } from '../curation/recipe.ts';
import { trainRecipeSchema } from '../training/recipe.ts';
import type { TrainRecipe } from '../training/recipe.ts';
import { rewardModelRecipeSchema } from '../training/reward-model/recipe.ts';
import type { RewardModelRecipe } from '../training/reward-model/recipe.ts';
import { BACKBONES, FAMILIES, grpo, sft } from './arms.ts';
import type { Arm, Backbone, RewardName, TrainedArm } from './arms.ts';
import type { Plan } from './plan.ts';

/** Where a training finds what it needs. */
export type Inputs = {
  readonly baseWorld: string;
  readonly curationWorld: string;
  /** Checkpoint of a base. */
  base(backbone: Backbone): string;
  /** A curated dataset. */
  curated(set: Mode): string;
  /** `nano:FOLDER`. */
  readonly judge: string;
};

/** A recipe from fields that the plan gives and fields that it may not. Throws `invalid-input`. */
function trainRecipe(given: Record<string, unknown>, fixed: Record<string, unknown>, label: string): TrainRecipe {
  const twice = Object.keys(fixed).find((key) => key in given);
  if (twice !== undefined) {
    throw invalidInput(`${label} sets "${twice}", which follows from the rest of the plan.`, `Remove "${twice}".`);
  }
  // Arms are measured once, at the end and all alike; nothing is held out of their training.
  const parsed = trainRecipeSchema.safeParse({ evaluateEvery: 0, ...given, ...fixed });
  if (parsed.success) return parsed.data;
  throw invalidInput(`${label} does not make a recipe:\n${z.prettifyError(parsed.error)}`, 'See docs/models.md.');
}

const written = (plan: Plan) => ({ prompt: plan.prompt, maxCompletionTokens: plan.maxCompletionTokens });

/** Pretraining of a base: its fields hold `model` without the backbone, `annotators` and, if wanted, `trainImages`. */
export function baseRecipe(plan: Plan, backbone: Backbone, { baseWorld }: Pick<Inputs, 'baseWorld'>): TrainRecipe {
  const { model, annotators, trainImages, ...rest } = plan.bases[backbone];
  return trainRecipe(
    rest,
    {
      ...written(plan),
      method: 'sft',
      model: { ...z.record(z.string(), z.unknown()).parse(model), backbone },
      data: { train: baseWorld, annotators, ...(trainImages !== undefined && { trainImages }) },
    },
    `bases.${backbone}`,
  );
}

/** The recipe of one arm's training with one seed. */
export function armRecipe(
  plan: Plan,
  arm: TrainedArm,
  { seed, inputs }: { seed: number; inputs: Inputs },
): TrainRecipe {
  if (arm.kind === 'family') {
    const { trainImages, ...rest } = plan.families[arm.family];
    return trainRecipe(
      rest,
      {
        method: arm.family,
        seed,
        data: { train: inputs.baseWorld, ...(trainImages !== undefined && { trainImages }) },
      },
      `families.${arm.family}`,
    );
  }
  const { images: trainImages, imageSeed } = plan.curation;
  const fixed = {
    ...written(plan),
    method: arm.kind,
    seed,
    model: { checkpoint: inputs.base(arm.backbone) },
    data: { train: inputs.curated(arm.set), trainImages, imageSeed },
    ...(arm.kind === 'grpo' && { reward: rewardOf(plan, arm.rewards, inputs.judge) }),
  };
  return trainRecipe(plan.training[arm.kind][arm.backbone], fixed, `training.${arm.kind}.${arm.backbone}`);
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
    ...(alpha !== undefined && { alpha }),
    ...(names.includes('loc') && { judge }),
  };
}

export function curationRecipe(plan: Plan, mode: Mode): Recipe {
  return parseRecipe({ ...plan.curation.recipe, mode }, { label: 'curation.recipe' });
}

/** Undefined where the plan names a judge that is trained already. */
export function judgeRecipe(
  plan: Plan,
  { curationWorld }: Pick<Inputs, 'curationWorld'>,
): RewardModelRecipe | undefined {
  if (typeof plan.judge === 'string') return undefined;
  const { annotators, trainImages, testImages, validationShare, ...rest } = plan.judge;
  const data = { world: curationWorld, annotators, trainImages, testImages, validationShare };
  const given = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  const parsed = rewardModelRecipeSchema.safeParse({ ...rest, method: 'reward-model', data: given });
  if (parsed.success) return parsed.data;
  throw invalidInput(`judge does not make a recipe:\n${z.prettifyError(parsed.error)}`, 'Or name one: nano:FOLDER.');
}

const NOWHERE: Inputs = { baseWorld: '-', curationWorld: '-', base: () => '-', curated: () => '-', judge: 'nano:-' };

/** Makes every recipe once. Throws `invalid-input` that names the part of the plan. */
export function checkRecipes(plan: Plan, label: string): void {
  const arms: Arm[] = [
    ...FAMILIES.map((family): Arm => ({ kind: 'family', family })),
    ...BACKBONES.flatMap((backbone) => [sft(backbone), grpo(backbone)]),
  ];
  try {
    for (const backbone of BACKBONES) baseRecipe(plan, backbone, NOWHERE);
    for (const arm of arms) armRecipe(plan, arm as TrainedArm, { seed: plan.seeds[0]!, inputs: NOWHERE });
    for (const mode of MODES) curationRecipe(plan, mode);
    judgeRecipe(plan, NOWHERE);
  } catch (error) {
    throw error instanceof Error
      ? invalidInput(`${label}: ${error.message}`, 'See recipes/reproduce-miniature.yaml.')
      : error;
  }
}
