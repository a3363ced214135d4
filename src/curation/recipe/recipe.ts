/**
 * The curation recipe: every threshold of the pipeline, its default and the default's source. The paper names its four
 * verifications but not their thresholds, so most defaults here are our choice, and their comments say so.
 * This group holds the schema, its reader and the random draws from the recipe's seed; every other group depends on it.
 */
import { z } from 'zod';
import { ANNOTATE_MAX_TOKENS } from '../../prompts/annotate-prompt.ts';

/** The rows of the paper's Table 5: how to choose the reasonings of a training set. */
export const MODES = ['random', 'single', 'full'] as const;
export type Mode = (typeof MODES)[number];

const share = z.number().min(0).max(1);
const level = z.enum(['country', 'city']);

/** The user's own prices. None are built in, and they do not change results. */
const price = z.strictObject({
  promptPerMillionTokens: z.number().nonnegative(),
  completionPerMillionTokens: z.number().nonnegative(),
  currency: z.string().min(1),
});

const annotator = z.strictObject({
  /** The annotator's name in every record; by default, the value of `model`. */
  name: z.string().min(1).optional(),
  /** Any value of `--model`: BASE_URL#NAME, a preset, a name from globe.config.json, a provider. */
  model: z.string().min(1),
  /** Maximum number of requests in flight. Does not change results. */
  concurrency: z.int().positive().default(8),
  price: price.optional(),
});

const annotation = z
  .strictObject({
    /** 0 is greedy: the same photo gets the same annotation. Our choice. */
    temperature: z.number().min(0).default(0),
    /** Temperature of retries after a malformed answer, which a greedy model would repeat. Our choice. */
    retryTemperature: z.number().min(0).default(0.6),
    /** Maximum number of requests for one annotation: an answer that cannot be parsed is retried. Our choice. */
    tries: z.int().positive().default(3),
    /** Maximum number of tokens of an annotation. Our choice. */
    maxTokens: z.int().positive().default(ANNOTATE_MAX_TOKENS),
    /** Maximum number of pixels of the image that annotators see and the dataset keeps; the authors' MAX_PIXELS. */
    maxPixels: z.int().positive().default(1_003_520),
  })
  .prefault({});

const gates = z
  .strictObject({
    localizability: z
      .strictObject({
        /**
         * Minimum confidence of the GPS annotator; 0 switches this check off. GeoCLIP's confidence is a softmax over
         * its gallery of 100,000 points, so it is relative and not calibrated. Our choice.
         */
        minGpsConfidence: share.default(0.02),
      })
      .prefault({}),
    correctness: z
      .strictObject({
        /** How precisely an annotator must know the photo's own place. Our choice. */
        level: level.default('city'),
        /** Answers in the right country within this distance are right. 25 km: the field's city level. Our choice. */
        maxDistanceKm: z.number().nonnegative().default(25),
        /**
         * Maximum distance of the GPS annotator's answer from the photo; null for no limit. 750 km is the field's
         * country level. Our choice.
         */
        maxGpsDistanceKm: z.number().positive().nullable().default(750),
      })
      .prefault({}),
    crossModel: z
      .strictObject({
        level: level.default('city'),
        maxDistanceKm: z.number().nonnegative().default(25),
        /** Minimum similarity of two reasonings with the same meaning. Its scale depends on the measure. Our choice. */
        minSimilarity: share.default(0.3),
      })
      .prefault({}),
    /** Null switches the gate off: full mode then works without a segmentation model, and the dataset's card says so. */
    grounding: z
      .strictObject({
        /** Minimum share of a reasoning's entities that the segmentation found in the image. Our choice. */
        minGroundedShare: share.default(0.5),
        /** Minimum number of things that a reasoning must name to count as grounded. Our choice. */
        minEntities: z.int().nonnegative().default(1),
        /** Minimum share of the image that an element must cover to count as seen. Our choice. */
        minElementShare: share.default(0),
      })
      .nullable()
      .prefault({}),
    /** Keeps photos that the current model solves sometimes, but not always; our addition, off by default. */
    solvable: z
      .strictObject({
        model: z.string().min(1),
        /** Number of answers per photo: the size of a GRPO group (paper). */
        samples: z.int().min(2).default(16),
        /** Sampling temperature: that of GRPO's rollouts (paper). */
        temperature: z.number().positive().default(1),
        level: level.default('city'),
        concurrency: z.int().positive().default(4),
        price: price.optional(),
      })
      .nullable()
      .default(null),
  })
  .prefault({});

export const recipeSchema = z.strictObject({
  /** Describes the photos at the top of the dataset's card. */
  description: z.string().min(1).nullable().default(null),
  mode: z.enum(MODES).default('full'),
  /** Vision-language models, at least two in full mode; single mode uses only the first. */
  annotators: z.array(annotator).min(1),
  /** The annotator that predicts a coordinate and a confidence; null for none. */
  gps: z
    .strictObject({ model: z.string().min(1), concurrency: z.int().positive().default(2) })
    .nullable()
    .default(null),
  /** The model that finds the elements of an image; the grounding gate of full mode needs it. */
  segmentation: z
    .strictObject({ model: z.string().min(1), concurrency: z.int().positive().default(2) })
    .nullable()
    .default(null),
  /** Compares the meaning of two reasonings; `lexical` works without a model. */
  meaning: z
    .strictObject({ measure: z.string().min(1).default('lexical'), concurrency: z.int().positive().default(4) })
    .prefault({}),
  annotation,
  gates,
  /** Drops near-duplicates by perceptual hash, except the first by id; null keeps them all. */
  dedupe: z
    .strictObject({
      /** Two photos are near-duplicates if at most this many of 256 bits differ. Our choice. */
      maxDistance: z.int().min(0).max(64).default(16),
      /** The same limit for two photos of one owner, because owners often take a view twice. Our choice. */
      maxDistanceSameOwner: z.int().min(0).max(128).default(40),
    })
    .nullable()
    .prefault({}),
  /** Maximum number of rows of the dataset, drawn by the seed; null keeps all photos that pass. */
  size: z.int().positive().nullable().default(null),
  /** How to choose test rows; null for a dataset without a test split. */
  split: z
    .strictObject({
      /** Share of owners whose photos go to the test split. The paper's test set is 26 % of both sets together. */
      testShare: share.default(0.26),
      /** Share of cities that appear in the test split only. Our choice. */
      unseenCityShare: share.default(0.1),
    })
    .nullable()
    .prefault({}),
  seed: z.int().nonnegative().default(1),
  /** The run ends if an instrument fails for this long. Our choice. */
  maxOutageMinutes: z.number().nonnegative().default(60),
  /**
   * Maximum cost of the run: it does not start if the estimate is higher, and stops at this cost. Null: no limit. With
   * a limit, every annotator and the solvable gate's model need a price. GPS and meaning models on a server are not
   * counted.
   */
  maxCost: z.number().positive().nullable().default(null),
});

export type Recipe = z.infer<typeof recipeSchema>;
export type AnnotatorRecipe = Recipe['annotators'][number];

/** The name of an annotator in records and keys. */
export function annotatorName({ name, model }: Pick<AnnotatorRecipe, 'name' | 'model'>): string {
  return name ?? model;
}
