/**
 * The plan of a miniature reproduction: all its numbers, from one YAML file (recipes/reproduce-miniature.yaml). The paper's
 * tables fix what is trained and compared (arms.ts); the plan says how.
 */
import { z } from 'zod';
import { CROSSED_RESAMPLES } from '../core/statistics/index.ts';
import { DEFAULT_PIXELS } from '../miniature/generate.ts';

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
