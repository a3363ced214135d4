/**
 * The curation recipe. It has every threshold of the pipeline, with its default and the source of the default. The
 * paper names its four verifications but not their thresholds, so most defaults are our choice. Their comments say so.
 * This folder has the schema, its reader and the random draws from the recipe's seed. Every other folder of curation
 * depends on it.
 */
import { z } from 'zod';
import { ANNOTATE_MAX_TOKENS } from '../../prompts/annotate-prompt.ts';

/** The modes in the paper's Table 5, which are ways to choose the reasoning texts of a training set. */
export const MODES = ['random', 'single', 'full'] as const;
export type Mode = (typeof MODES)[number];

const share = z.number().min(0).max(1);
const level = z.enum(['country', 'city']);

/** The user's own prices. There are no built-in prices. Prices do not change results. */
const price = z.strictObject({
  promptPerMillionTokens: z.number().nonnegative(),
  completionPerMillionTokens: z.number().nonnegative(),
  currency: z.string().min(1),
});

const annotator = z.strictObject({
  /** The annotator's name in all records. The default is the value of `model`. */
  name: z.string().min(1).optional(),
  /** Any value that `--model` accepts: BASE_URL#NAME, a preset, a name from globe.config.json, or a provider. */
  model: z.string().min(1),
  /** Maximum number of requests in flight. Results do not depend on it. */
  concurrency: z.int().positive().default(8),
  price: price.optional(),
});

const annotation = z
  .strictObject({
    /** 0 means greedy decoding, so a photo always gets the same annotation. Our choice. */
    temperature: z.number().min(0).default(0),
    /**
     * Temperature of a retry after a malformed answer. With greedy decoding, the retry would give the same answer. Our
     * choice.
     */
    retryTemperature: z.number().min(0).default(0.6),
    /**
     * Maximum number of requests for one annotation. After an answer that cannot be parsed, the annotator is asked
     * again. Our choice.
     */
    tries: z.int().positive().default(3),
    /** Maximum number of tokens in an annotation. Our choice. */
    maxTokens: z.int().positive().default(ANNOTATE_MAX_TOKENS),
    /** Maximum number of pixels of an image for annotators and the dataset. The default is the authors' MAX_PIXELS. */
    maxPixels: z.int().positive().default(1_003_520),
  })
  .prefault({});

const gates = z
  .strictObject({
    /** Drops images that show too little, before any model sees them. Null turns the gate off. Our addition. */
    quality: z
      .strictObject({
        /** Minimum length of the image's shorter side. Our choice. */
        minSidePixels: z.int().nonnegative().default(32),
        /** Minimum standard deviation of the grey values (0 to 127.5), so that blank images are dropped. Our choice. */
        minContrast: z.number().nonnegative().default(4),
        /**
         * Maximum share of pixels with the same shade (within 3 grey values of 256). Blank paper, screenshots and
         * scanned pages exceed it. Our choice.
         */
        maxFlatShare: share.default(0.9),
      })
      .nullable()
      .prefault({}),
    localizability: z
      .strictObject({
        /**
         * Minimum confidence of the GPS annotator. 0 turns this check off. GeoCLIP's confidence is a softmax over its
         * gallery of 100,000 points, so it is relative to the gallery and not calibrated. Our choice.
         */
        minGpsConfidence: share.default(0.02),
      })
      .prefault({}),
    correctness: z
      .strictObject({
        /** Whether an annotator must name the right city, or only the right country. Our choice. */
        level: level.default('city'),
        /**
         * A city in the right country is also right if it is within this distance of the true city. 25 km is the usual
         * benchmark radius for a city. Our choice.
         */
        maxDistanceKm: z.number().nonnegative().default(25),
        /**
         * Maximum distance of the GPS annotator's answer from the photo. Null removes the limit. 750 km is the usual
         * benchmark radius for a country. Our choice.
         */
        maxGpsDistanceKm: z.number().positive().nullable().default(750),
      })
      .prefault({}),
    /**
     * Requires that a reasoning text argues for its annotator's own answer, from what the photo shows. Null turns the
     * gate off.
     */
    consistency: z
      .strictObject({
        /**
         * Required language of the reasoning texts, which the prompt also requests. Null accepts any language, but the
         * grounder reads only English.
         */
        language: z.enum(['en']).nullable().default('en'),
      })
      .nullable()
      .prefault({}),
    crossModel: z
      .strictObject({
        level: level.default('city'),
        maxDistanceKm: z.number().nonnegative().default(25),
        /**
         * Minimum similarity of any two annotators' reasoning texts. The scale depends on the measure in `meaning`. Our
         * choice.
         */
        minSimilarity: share.default(0.3),
      })
      .prefault({}),
    /**
     * Null turns the gate off. Full mode then needs no segmentation model. The dataset card states that the gate was
     * off.
     */
    grounding: z
      .strictObject({
        /**
         * How the gate measures grounding. `paper` uses the share of named things that the segmentation found.
         * `verified` checks the claims of the annotator's evidence one by one, and those that only the prose makes.
         * `verified` is recommended if the recipe has a verifier.
         */
        mode: z.enum(['paper', 'verified']).default('paper'),
        /** Used in mode `verified`: minimum score of the claims, in [−1, 1]. Our choice. */
        minScore: z.number().min(-1).max(1).default(0.3),
        /**
         * Used in mode `verified`: minimum share of the claims, by weight, that the verifier could decide. Our choice.
         */
        minCoverage: share.default(0.3),
        /** Used in mode `verified`: maximum number of claims that the image contradicts. Our choice. */
        maxContradicted: z.int().nonnegative().default(0),
        /** Used in mode `paper`: whether a thing in the image also grounds its parts, as "building" grounds "roof". */
        parts: z.boolean().default(false),
        /** Minimum share of a reasoning text's entities that the segmentation finds in the image. Our choice. */
        minGroundedShare: share.default(0.5),
        /** Minimum number of things that a reasoning text must name. Our choice. */
        minEntities: z.int().nonnegative().default(1),
        /** Minimum share of the image that an element must cover to count as visible. Our choice. */
        minElementShare: share.default(0),
      })
      .nullable()
      .prefault({}),
    /** Keeps photos that the current model solves sometimes, but not always. Our addition, off by default. */
    solvable: z
      .strictObject({
        model: z.string().min(1),
        /** Number of answers per photo. The default is the group size of the paper's GRPO. */
        samples: z.int().min(2).default(16),
        /** Sampling temperature. The default is the temperature of the paper's GRPO rollouts. */
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
  /** The dataset's name on its card. Null uses a default name. */
  name: z.string().min(1).nullable().default(null),
  /** A text about the photos, which is shown at the top of the dataset card. */
  description: z.string().min(1).nullable().default(null),
  mode: z.enum(MODES).default('full'),
  /** Vision-language models. Full mode needs at least two; single mode uses only the first. */
  annotators: z.array(annotator).min(1),
  /** The model that predicts a coordinate with a confidence. Null means no such model. */
  gps: z
    .strictObject({ model: z.string().min(1), concurrency: z.int().positive().default(2) })
    .nullable()
    .default(null),
  /** The model that finds the elements of an image. The grounding gate of full mode needs it. */
  segmentation: z
    .strictObject({ model: z.string().min(1), concurrency: z.int().positive().default(2) })
    .nullable()
    .default(null),
  /**
   * The model that checks claims if the grounding gate is in mode `verified`. If null, claims are checked against the
   * segmentation.
   */
  verifier: z
    .strictObject({ model: z.string().min(1), concurrency: z.int().positive().default(8) })
    .nullable()
    .default(null),
  /** How to measure the similarity of two reasoning texts' meanings. `lexical` needs no model. */
  meaning: z
    .strictObject({ measure: z.string().min(1).default('lexical'), concurrency: z.int().positive().default(4) })
    .prefault({}),
  annotation,
  gates,
  /**
   * Order of the questions about a photo. `price` asks cheap instruments first and stops when the photo cannot be kept
   * any more. It begins with the image and near-duplicates, then asks the GPS annotator, then the annotators by price.
   * `paper` follows the order of the paper's gates. Both orders keep the same photos.
   */
  order: z.enum(['price', 'paper']).default('price'),
  /**
   * Finds groups of near-duplicates by perceptual hash, and keeps only the photo with the first id of each group. Null
   * keeps all photos.
   */
  dedupe: z
    .strictObject({
      /**
       * Two photos are near-duplicates if at most this many of 256 bits differ, between the two pictures or between one
       * and a crop of the other. Our choice: among 77 real photos, different ones differ in 66 bits or more.
       */
      maxDistance: z.int().min(0).max(64).default(40),
      /** The same limit for two photos of one owner; null for the same. People often photograph a view twice. */
      maxDistanceSameOwner: z.int().min(0).max(128).nullable().default(null),
    })
    .nullable()
    .prefault({}),
  /**
   * Maximum number of photos of one city, country and owner, drawn at random by the seed; null for no limit. They keep
   * a much photographed place, or a busy photographer, from dominating the dataset.
   */
  caps: z
    .strictObject({
      city: z.int().positive().nullable().default(null),
      country: z.int().positive().nullable().default(null),
      owner: z.int().positive().nullable().default(null),
    })
    .prefault({}),
  /** Maximum number of rows in the dataset, drawn at random by the seed. Null keeps all photos that pass. */
  size: z.int().positive().nullable().default(null),
  /** How to choose the test rows. Null creates no test split. */
  split: z
    .strictObject({
      /** Share of owners whose photos go to the test split. In the paper, 26 % of all rows are test rows. */
      testShare: share.default(0.26),
      /** Share of cities that are only in the test split. Our choice. */
      unseenCityShare: share.default(0.1),
    })
    .nullable()
    .prefault({}),
  seed: z.int().nonnegative().default(1),
  /** The run ends if an instrument keeps failing for this many minutes. Our choice. */
  maxOutageMinutes: z.number().nonnegative().default(60),
  /**
   * Maximum cost of the run. Null removes the limit. The run does not start if the estimated cost is higher, and stops
   * when the actual cost reaches the limit. With a limit, every annotator and the solvable gate's model need a price.
   * The costs of GPS and meaning models on a server are not counted.
   */
  maxCost: z.number().positive().nullable().default(null),
});

export type Recipe = z.infer<typeof recipeSchema>;
export type AnnotatorRecipe = Recipe['annotators'][number];

/** Returns the annotator's name for records and keys. */
export function annotatorName({ name, model }: Pick<AnnotatorRecipe, 'name' | 'model'>): string {
  return name ?? model;
}
