/**
 * The plan of a miniature reproduction: all its numbers, from one YAML file (recipes/reproduce-miniature.yaml). The paper's
 * tables define what is trained and compared (arms.ts); the plan defines how.
 */
import { z } from 'zod';
import { CROSSED_RESAMPLES } from '../core/statistics/index.ts';
import { DEFAULT_PIXELS } from '../miniature/generate.ts';

const count = z.int().positive();
/** Fields of a recipe; the recipe's schema checks them after paths and seed are added. */
const fields = z.record(z.string(), z.unknown());
const folder = z.string().min(1);
const perBackbone = z.strictObject({ vit: fields, mixer: fields });

const variants = z.strictObject({ vit: z.array(fields).default([]), mixer: z.array(fields).default([]) }).prefault({});

const weight = z.number().nonnegative();

/** λ of each reward, and how the rewards are computed. */
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
    /** The training split trains bases and image-only families; the test split measures every number. */
    base: world,
    /** The training split is the pool of the curation; the test split is validation for the hyper-parameter search. */
    curation: world,
  }),
  /** The same prompt for pretraining, training and evaluation. */
  prompt: z.enum(['full', 'short']).default('short'),
  maxCompletionTokens: count,
  /** Recipes of the initial image encoders of bases, families and judge; new encoders by default. */
  towers: perBackbone.optional(),
  /** Checkpoints (folders, relative to the plan's), or SFT recipes on captions of annotators: `model`, `annotators`, schedule. */
  bases: z.strictObject({ vit: z.union([folder, fields]), mixer: z.union([folder, fields]) }),
  /** Recipes of the two families without text output. */
  families: z.strictObject({ geocell: fields, retriever: fields }),
  /** A trained judge of localizability, `nano:FOLDER`, or a recipe to train one on the curation world. */
  judge: z.union([z.string().regex(/^nano:./), fields]),
  curation: z.strictObject({
    /** A recipe of `globe curate`; its mode is set for each of the three sets. */
    recipe: fields,
    /** Images per set for training, the same for all methods and seeds. */
    images: count,
    imageSeed: z.int().default(1),
  }),
  training: z.strictObject({ sft: perBackbone, grpo: perBackbone }),
  /**
   * Variants that `globe reproduce search` tries on the validation photos, for each method and backbone: they replace fields
   * of `training`, and all variants of a list set the same fields.
   */
  search: z.strictObject({ sft: variants, grpo: variants, seed: z.int().default(1) }).prefault({}),
  /** λ of each reward, for the reward sets of Table 3 that contain it; all sets contain the format reward. */
  rewards: rewardsSchema,
  seeds: z.array(z.int()).min(1),
  statistics: z
    .strictObject({ resamples: count.default(CROSSED_RESAMPLES), seed: z.int().default(20_250_614) })
    .prefault({}),
});

export type Plan = z.infer<typeof planSchema>;
