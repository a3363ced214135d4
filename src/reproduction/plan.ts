/**
 * The plan of a miniature reproduction: every number of it, from one YAML file (recipes/reproduce-miniature.yaml). What
 * is trained and compared is fixed by the paper's tables (arms.ts); how, stands here. Parsing checks every recipe that
 * will be made of it, so that a mistake shows before the first hour is spent.
 */
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { invalidInput } from '../core/errors.ts';
import { CROSSED_RESAMPLES } from '../core/statistics/index.ts';
import { DEFAULT_PIXELS } from '../miniature/generate.ts';
import { checkDocument, readYaml } from '../storage/read-document.ts';
import { checkRecipes } from './recipes.ts';

const count = z.int().positive();
/** Fields of a recipe whose own schema checks them, once paths and seed are filled in. */
const fields = z.record(z.string(), z.unknown());
const folder = z.string().min(1);
const perBackbone = z.strictObject({ vit: fields, mixer: fields });

const variants = z.strictObject({ vit: z.array(fields).default([]), mixer: z.array(fields).default([]) }).prefault({});

const weight = z.number().nonnegative();

/** λ of each reward, and how they are computed. */
const rewardsSchema = z.strictObject({
  loc: weight,
  vgc: weight,
  ga: weight,
  format: weight,
  mode: z.enum(['paper', 'distance']).default('paper'),
  alpha: z.number().min(0).max(1).optional(),
});

const world = z.strictObject({ scenes: count, seed: z.int(), pixels: count.default(DEFAULT_PIXELS) });

export const planSchema = z.strictObject({
  description: z.string().min(1),
  worlds: z.strictObject({
    /** Training split: what bases and image-only families learn from. Test split: where every number is measured. */
    base: world,
    /** Training split: the pool of curation. Test split: validation, for the search over hyper-parameters. */
    curation: world,
  }),
  /** One prompt for pretraining, training and evaluation. */
  prompt: z.enum(['full', 'short']).default('short'),
  maxCompletionTokens: count,
  /** Recipes of the image encoders that bases, families and judge begin with; without, encoders begin anew. */
  towers: perBackbone.optional(),
  /** Checkpoints (folders, from the plan's own), or SFT recipes on captions of annotators: `model`, `annotators`, schedule. */
  bases: z.strictObject({ vit: z.union([folder, fields]), mixer: z.union([folder, fields]) }),
  /** Recipes of the two families that see and do not write. */
  families: z.strictObject({ geocell: fields, retriever: fields }),
  /** A trained judge of localizability, `nano:FOLDER`, or the recipe to train one on the curation world. */
  judge: z.union([z.string().regex(/^nano:./), fields]),
  curation: z.strictObject({
    /** A recipe of `globe curate`; its mode is set for each of the three sets. */
    recipe: fields,
    /** Images of a set that every method trains on: the same ones for all methods and seeds. */
    images: count,
    imageSeed: z.int().default(1),
  }),
  training: z.strictObject({ sft: perBackbone, grpo: perBackbone }),
  /**
   * What `globe reproduce search` tries on the validation photos, for each method and backbone: fields in place of those of
   * `training`, the same ones in all variants of a list.
   */
  search: z.strictObject({ sft: variants, grpo: variants, seed: z.int().default(1) }).prefault({}),
  /** λ of each reward. A reward set of Table 3 takes those it names; the format reward goes with all of them. */
  rewards: rewardsSchema,
  seeds: z.array(z.int()).min(1),
  statistics: z
    .strictObject({ resamples: count.default(CROSSED_RESAMPLES), seed: z.int().default(20_250_614) })
    .prefault({}),
});

export type Plan = z.infer<typeof planSchema>;

const KIND = { name: 'plan of a reproduction', schema: planSchema, hint: 'See recipes/reproduce-miniature.yaml.' };

/** Reads a plan. Throws `not-found` or `invalid-input` that names the field and what it should be. */
export async function readPlan(path: string): Promise<Plan> {
  const document = await readYaml(path, { ...KIND, schema: z.unknown() });
  return withFolders(parsePlan(document, path), dirname(path));
}

/** Folders of a plan's file are meant from where the file lies. */
function withFolders(plan: Plan, from: string): Plan {
  const found = (path: string): string => (resolve(path) === path ? path : join(from, path));
  const { vit, mixer } = plan.bases;
  return {
    ...plan,
    bases: {
      vit: typeof vit === 'string' ? found(vit) : vit,
      mixer: typeof mixer === 'string' ? found(mixer) : mixer,
    },
    judge: typeof plan.judge === 'string' ? `nano:${found(plan.judge.slice('nano:'.length))}` : plan.judge,
  };
}

/** Throws `invalid-input`. */
export function parsePlan(document: unknown, label = 'The plan'): Plan {
  const plan = checkDocument(document, label, KIND);
  const twice = plan.seeds.find((seed, i) => plan.seeds.indexOf(seed) !== i);
  if (twice !== undefined) throw invalidInput(`${label} names the seed ${twice} twice.`, 'Give each seed once.');
  checkRecipes(plan, label);
  return plan;
}
