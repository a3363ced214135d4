/**
 * Schema of the plan of a miniature reproduction. The plan is one YAML file (recipes/reproduce-miniature.yaml) with all
 * settings of the reproduction. The paper's tables determine which models are trained and compared (arms.ts).
 */
import { z } from 'zod';
import { CROSSED_RESAMPLES } from '../core/statistics/index.ts';
import { DEFAULT_PIXELS } from '../miniature/generate.ts';

const count = z.int().positive();
/**
 * Fields of a training recipe. They are checked by the recipe's own schema later, after paths and seed have been added.
 */
const fields = z.record(z.string(), z.unknown());
const folder = z.string().min(1);
const perBackbone = z.strictObject({ vit: fields, mixer: fields });

const variants = z.strictObject({ vit: z.array(fields).default([]), mixer: z.array(fields).default([]) }).prefault({});

const weight = z.number().nonnegative();

/** The weight λ of each reward, and settings of the rewards. */
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
  /** Share of the scenes in the test split. The default is one sixth. */
  testShare: z.number().min(0).max(1).optional(),
  /** Number of cities that the training split does not show. The seed selects the cities. */
  unseen: z.strictObject({ cities: z.int().nonnegative(), seed: z.int() }).optional(),
});

const share = z.number().min(0).max(1);

const gatesSchema = z.strictObject({
  /** Number of validation photos to probe. `samples` is the number of sampled answers per photo. */
  photos: count.default(500),
  samples: count.default(64),
  seed: z.int().default(1),
  /** Minimum share of answers with the right country, if the reasoning text begins with the photo's visible cues. */
  toldCountry: share,
  /**
   * Minimum share of answers that name the country of another photo, if the reasoning text begins with that photo's
   * cues.
   */
  followedCues: share,
  /** Minimum share of visible cues, and of visible landmarks, that descriptions of photos name. */
  cueRecall: share,
  landmarkRecall: share,
  /**
   * Minimum gain in accuracy within 25 km over greedy answers: of the majority of the samples, and of the ideal
   * observer.
   */
  majorityOverGreedy: share,
  idealOverGreedy: share,
});

const registeredSchema = z.strictObject({
  /** Path of the decision record that registers the comparison, relative to the plan's folder. */
  record: folder,
  /** Training seeds of the registered arms; absent until the pilot has decided their number. */
  seeds: z.array(z.int()).min(2).optional(),
  /** Training seeds of the pilot, which is measured on validation photos. */
  pilotSeeds: z.array(z.int()).min(2),
});

export const planSchema = z
  .strictObject({
    description: z.string().min(1),
    worlds: z.strictObject({
      /**
       * The encoders, the bases and the families without text output train on the training split of this world. The test
       * split is used for validation: for the search, the gates and the pilot.
       */
      pretraining: world,
      /** The world from whose training split the curated sets are made. */
      pool: world,
      /** The world on whose test split every number of the tables is measured. */
      test: world,
    }),
    /** Form of the prompt in pretraining, training and evaluation. */
    prompt: z.enum(['full', 'short']).default('short'),
    maxCompletionTokens: count,
    /** How the measured answers are sampled. The default temperature is 0.1, which the authors also use. */
    answers: z
      .strictObject({ temperature: z.number().nonnegative().default(0.1), seed: z.int().default(1) })
      .prefault({}),
    /**
     * Recipes that pretrain the image encoders of bases, families and judge. By default, encoders are not pretrained.
     */
    towers: perBackbone.optional(),
    /** The base of each backbone: either a checkpoint folder, relative to the plan's folder, or a pretraining recipe. */
    bases: z.strictObject({ vit: z.union([folder, fields]), mixer: z.union([folder, fields]) }),
    /** Recipes of the geocell classifier and the retriever, which answer with a position instead of text. */
    families: z.strictObject({ geocell: fields, retriever: fields }),
    /**
     * The judge of localizability: either `nano:FOLDER` of a trained judge, or a recipe to train a judge on the
     * pretraining world.
     */
    judge: z.union([z.string().regex(/^nano:./), fields]),
    curation: z.strictObject({
      /** A recipe of `globe curate`. Each of the three curated sets uses it with its own `mode`. */
      recipe: fields,
      /** Number of training images from each curated set, the same for all methods and seeds. */
      images: count,
      imageSeed: z.int().default(1),
    }),
    training: z.strictObject({ sft: perBackbone, grpo: perBackbone }),
    /**
     * For each method and backbone, the variants that `globe reproduce search` trains and measures on validation photos.
     * The fields of a variant replace fields of `training`. All variants of a list must set the same fields.
     */
    search: z.strictObject({ sft: variants, grpo: variants, seed: z.int().default(1) }).prefault({}),
    /**
     * The weight λ of each reward. It applies in every reward set of Table 3 that contains the reward. The format reward
     * is in every set.
     */
    rewards: rewardsSchema,
    seeds: z.array(z.int()).min(1),
    /**
     * Number of test photos that the tables are measured on. Whole owners are drawn until their photos reach this number.
     * The default is all test photos.
     */
    tablePhotos: count.optional(),
    /**
     * Number of validation photos that the search and the pilot are measured on. Whole owners are drawn until their
     * photos reach this number. The default is all validation photos.
     */
    validationPhotos: count.optional(),
    /** Conditions that the probe results of every base must meet before the test world is drawn. */
    gates: gatesSchema.optional(),
    /** The registered comparison, which has four arms, three tests and one primary measure. */
    registered: registeredSchema.optional(),
    statistics: z
      .strictObject({ resamples: count.default(CROSSED_RESAMPLES), seed: z.int().default(20_250_614) })
      .prefault({}),
  })
  .refine(({ registered, gates }) => registered === undefined || gates !== undefined, {
    error: 'a registered comparison needs gates, so that the test world is drawn only after the base has met them',
    path: ['gates'],
  });

export type Plan = z.infer<typeof planSchema>;
