/**
 * Schema of the plan of a miniature reproduction. The plan is one YAML file (recipes/reproduce-miniature.yaml) with all
 * numbers of the reproduction. The paper's tables define which models are trained and compared (arms.ts). The plan
 * defines the settings.
 */
import { z } from 'zod';
import { CROSSED_RESAMPLES } from '../core/statistics/index.ts';
import { DEFAULT_PIXELS } from '../miniature/generate.ts';

const count = z.int().positive();
/** Fields of a training recipe. The recipe's own schema checks them later, after paths and seed are added. */
const fields = z.record(z.string(), z.unknown());
const folder = z.string().min(1);
const perBackbone = z.strictObject({ vit: fields, mixer: fields });

const variants = z.strictObject({ vit: z.array(fields).default([]), mixer: z.array(fields).default([]) }).prefault({});

const weight = z.number().nonnegative();

/** The weight λ of each reward, and settings for computing the rewards. */
const rewardsSchema = z.strictObject({
  loc: weight,
  vgc: weight,
  ga: weight,
  format: weight,
  mode: z.enum(['paper', 'distance']).default('paper'),
  alpha: z.number().min(0).max(1).optional(),
});

const world = z.strictObject({
  scenes: count,
  seed: z.int(),
  pixels: count.default(DEFAULT_PIXELS),
  /** Share of the scenes that are held out; a sixth by default. */
  testShare: z.number().min(0).max(1).optional(),
  /** Cities, drawn by lot, that the training split does not show. */
  unseen: z.strictObject({ cities: z.int().nonnegative(), seed: z.int() }).optional(),
});

const share = z.number().min(0).max(1);

const gatesSchema = z.strictObject({
  /** Validation photos and samples per photo of the probes. */
  photos: count.default(500),
  samples: count.default(64),
  seed: z.int().default(1),
  /** Smallest share of right countries when the model is told the visible cues. */
  toldCountry: share,
  /** Smallest share of answers that follow another photo's cues. */
  followedCues: share,
  /** Smallest shares of visible cues and of visible landmarks that descriptions name. */
  cueRecall: share,
  landmarkRecall: share,
  /** Smallest differences of shares within 25 km: the majority of samples, and the ideal observer, over greedy. */
  majorityOverGreedy: share,
  idealOverGreedy: share,
});

const registeredSchema = z.strictObject({
  /** The decision record that registers the comparison; a path relative to the plan's folder. */
  record: folder,
  /** Training seeds of the registered arms. */
  seeds: z.array(z.int()).min(2),
  /** Training seeds of the pilot, which is measured on validation photos. */
  pilotSeeds: z.array(z.int()).min(2),
});

export const planSchema = z.strictObject({
  description: z.string().min(1),
  worlds: z.strictObject({
    /**
     * The encoders, the bases and the families without text output train on its training split. Its test split is for
     * validation: the search, the gates and the pilot.
     */
    pretraining: world,
    /** The curated sets are made from its training split. */
    pool: world,
    /** Every number of the tables is measured on its test split. */
    test: world,
  }),
  /** The prompt of pretraining, training and evaluation. */
  prompt: z.enum(['full', 'short']).default('short'),
  maxCompletionTokens: count,
  /** How each measured answer is sampled. The authors evaluate at temperature 0.1. */
  answers: z
    .strictObject({ temperature: z.number().nonnegative().default(0.1), seed: z.int().default(1) })
    .prefault({}),
  /**
   * Recipes that pretrain the image encoders of the bases, the families and the judge. By default, no encoder is
   * pretrained.
   */
  towers: perBackbone.optional(),
  /**
   * For each backbone, the folder of a checkpoint (relative to the plan's folder), or a recipe for SFT on annotators'
   * captions.
   */
  bases: z.strictObject({ vit: z.union([folder, fields]), mixer: z.union([folder, fields]) }),
  /** Recipes of the two families without text output. */
  families: z.strictObject({ geocell: fields, retriever: fields }),
  /** The judge of localizability: `nano:FOLDER` of a trained judge, or a recipe to train one on the pretraining world. */
  judge: z.union([z.string().regex(/^nano:./), fields]),
  curation: z.strictObject({
    /** A recipe of `globe curate`; each of the three curated sets uses it with its own `mode`. */
    recipe: fields,
    /** Number of training images from each set, the same for all methods and seeds. */
    images: count,
    imageSeed: z.int().default(1),
  }),
  training: z.strictObject({ sft: perBackbone, grpo: perBackbone }),
  /**
   * For each method and backbone, the variants that `globe reproduce search` trains and measures on the validation
   * photos. A variant replaces fields of `training`. All variants of one list must set the same fields.
   */
  search: z.strictObject({ sft: variants, grpo: variants, seed: z.int().default(1) }).prefault({}),
  /**
   * The weight λ of each reward in the reward sets of Table 3 that contain it. Every reward set contains the format
   * reward.
   */
  rewards: rewardsSchema,
  seeds: z.array(z.int()).min(1),
  /** Number of the test photos, drawn by owner, that the tables are measured on; by default all. */
  tablePhotos: count.optional(),
  /** Number of the validation photos, drawn by owner, that the search and the pilot are measured on; by default all. */
  validationPhotos: count.optional(),
  /** Conditions on the bases. The test world is not drawn before the probes of every base meet them. */
  gates: gatesSchema.optional(),
  /** The registered comparison: four arms, three tests, one primary measure. */
  registered: registeredSchema.optional(),
  statistics: z
    .strictObject({ resamples: count.default(CROSSED_RESAMPLES), seed: z.int().default(20_250_614) })
    .prefault({}),
});

export type Plan = z.infer<typeof planSchema>;
