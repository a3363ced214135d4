/**
 * The curation recipe: every threshold of the pipeline, with its default and the source of the default. The paper names
 * its four verifications but not their thresholds, so most defaults are our choice, and their comments say so.
 *
 * This folder has the schema, its reader and the random draws from the recipe's seed. Every other folder of curation
 * depends on it.
 */
import { z } from 'zod';
import { ANNOTATE_MAX_TOKENS } from '../../prompts/annotate-prompt.ts';

/** The rows of the paper's Table 5: the ways to choose the reasonings of a training set. */
export const MODES = ['random', 'single', 'full'] as const;
export type Mode = (typeof MODES)[number];

const share = z.number().min(0).max(1);
const level = z.enum(['country', 'city']);

/** The user's own prices. There are no built-in prices, and prices do not change results. */
const price = z.strictObject({
  promptPerMillionTokens: z.number().nonnegative(),
  completionPerMillionTokens: z.number().nonnegative(),
  currency: z.string().min(1),
});

const annotator = z.strictObject({
  /** The annotator's name in every record. The default is the value of `model`. */
  name: z.string().min(1).optional(),
  /** Any value of `--model`: BASE_URL#NAME, a preset, a name from globe.config.json, or a provider. */
  model: z.string().min(1),
  /** Maximum number of requests in flight. It does not change results. */
  concurrency: z.int().positive().default(8),
  price: price.optional(),
});

const annotation = z
  .strictObject({
    /** 0 means greedy decoding, so the same photo gets the same annotation. Our choice. */
    temperature: z.number().min(0).default(0),
    /** Temperature of a retry after a malformed answer. A greedy model would repeat that answer. Our choice. */
    retryTemperature: z.number().min(0).default(0.6),
    /**
     * Maximum number of requests for one annotation. A new request follows each answer that cannot be parsed. Our
     * choice.
     */
    tries: z.int().positive().default(3),
    /** Maximum number of tokens in an annotation. Our choice. */
    maxTokens: z.int().positive().default(ANNOTATE_MAX_TOKENS),
    /** Maximum number of pixels of the image for annotators and the dataset. The value is the authors' MAX_PIXELS. */
    maxPixels: z.int().positive().default(1_003_520),
  })
  .prefault({});

const gates = z
  .strictObject({
    /** Drops images that show too little, before any model sees them. Our addition; null turns it off. */
    quality: z
      .strictObject({
        /** Minimum length of the shorter side. Our choice. */
        minSidePixels: z.int().nonnegative().default(32),
        /** Minimum standard deviation of the grey values (0 to 127.5), so that blank images are dropped. Our choice. */
        minContrast: z.number().nonnegative().default(4),
        /**
         * Maximum share of the pixels that have one shade, within 3 grey values of 256. Blank paper, screenshots and
         * scanned pages have more. Our choice.
         */
        maxFlatShare: share.default(0.9),
      })
      .nullable()
      .prefault({}),
    localizability: z
      .strictObject({
        /**
         * Minimum confidence of the GPS annotator; 0 turns this check off. GeoCLIP's confidence is a softmax over its
         * gallery of 100,000 points, so it is a relative value and not calibrated. Our choice.
         */
        minGpsConfidence: share.default(0.02),
      })
      .prefault({}),
    correctness: z
      .strictObject({
        /** Whether an annotator must name the right city or only the right country. Our choice. */
        level: level.default('city'),
        /**
         * An answer in the right country within this distance is right. The usual benchmark radius for a city is 25 km.
         * Our choice.
         */
        maxDistanceKm: z.number().nonnegative().default(25),
        /**
         * Maximum distance of the GPS annotator's answer from the photo; null for no limit. The usual benchmark radius
         * for a country is 750 km. Our choice.
         */
        maxGpsDistanceKm: z.number().positive().nullable().default(750),
      })
      .prefault({}),
    /** Requires that a reasoning argues for its own answer, from what the photo shows. Null turns the gate off. */
    consistency: z
      .strictObject({
        /** Language of the reasonings, which the prompt requests; null accepts any. The grounder reads English only. */
        language: z.enum(['en']).nullable().default('en'),
      })
      .nullable()
      .prefault({}),
    crossModel: z
      .strictObject({
        level: level.default('city'),
        maxDistanceKm: z.number().nonnegative().default(25),
        /** Minimum similarity of any two annotators' reasonings. The scale depends on the measure. Our choice. */
        minSimilarity: share.default(0.3),
      })
      .prefault({}),
    /** Null turns the gate off. Full mode then needs no segmentation model, and the dataset card says so. */
    grounding: z
      .strictObject({
        /**
         * `paper`: the share of named things that the segmentation found. `verified`, recommended with a verifier: the
         * claims of the evidence (or of the prose, without evidence) are checked one by one.
         */
        mode: z.enum(['paper', 'verified']).default('paper'),
        /** Mode verified: minimum score of the claims, in [−1, 1]. Our choice. */
        minScore: z.number().min(-1).max(1).default(0.3),
        /** Mode verified: minimum share of the claims' weight that could be decided. Our choice. */
        minCoverage: share.default(0.3),
        /** Mode verified: maximum number of claims that the image contradicts. Our choice. */
        maxContradicted: z.int().nonnegative().default(0),
        /** Mode paper: whether a whole grounds its parts ("building" grounds "roof"). */
        parts: z.boolean().default(false),
        /** Minimum share of a reasoning's entities that the segmentation found in the image. Our choice. */
        minGroundedShare: share.default(0.5),
        /** Minimum number of things that a reasoning must name. Our choice. */
        minEntities: z.int().nonnegative().default(1),
        /** Minimum share of the image that an element must cover to count as seen. Our choice. */
        minElementShare: share.default(0),
      })
      .nullable()
      .prefault({}),
    /** Keeps photos that the current model solves sometimes, but not always. Our addition, off by default. */
    solvable: z
      .strictObject({
        model: z.string().min(1),
        /** Number of answers per photo. The default is the paper's GRPO group size. */
        samples: z.int().min(2).default(16),
        /** Sampling temperature. The default is that of the paper's GRPO rollouts. */
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
  /** The dataset's name, on its card. */
  name: z.string().min(1).nullable().default(null),
  /** Text about the photos, at the top of the dataset card. */
  description: z.string().min(1).nullable().default(null),
  mode: z.enum(MODES).default('full'),
  /** Vision-language models. Full mode needs at least two; single mode uses only the first. */
  annotators: z.array(annotator).min(1),
  /** The model that predicts a coordinate and a confidence; null for none. */
  gps: z
    .strictObject({ model: z.string().min(1), concurrency: z.int().positive().default(2) })
    .nullable()
    .default(null),
  /** The model that finds the elements of an image. The grounding gate of full mode needs it. */
  segmentation: z
    .strictObject({ model: z.string().min(1), concurrency: z.int().positive().default(2) })
    .nullable()
    .default(null),
  /** The model that checks claims in the grounding gate's mode verified; null lets the segmentation check them. */
  verifier: z
    .strictObject({ model: z.string().min(1), concurrency: z.int().positive().default(8) })
    .nullable()
    .default(null),
  /** Measures how similar the meanings of two reasonings are. `lexical` works without a model. */
  meaning: z
    .strictObject({ measure: z.string().min(1).default('lexical'), concurrency: z.int().positive().default(4) })
    .prefault({}),
  annotation,
  gates,
  /**
   * Order of the questions about a photo. `price` asks the cheap instruments first and stops as soon as the photo is
   * lost: image and near-duplicates, then the GPS annotator, then the annotators by price. `paper` follows the paper's
   * gates. Both keep the same photos.
   */
  order: z.enum(['price', 'paper']).default('price'),
  /**
   * Finds groups of near-duplicates by perceptual hash, and keeps only the photo with the first id of each group. Null
   * keeps all photos.
   */
  dedupe: z
    .strictObject({
      /** Two photos are near-duplicates if at most this many of 256 bits differ. Our choice. */
      maxDistance: z.int().min(0).max(64).default(16),
      /**
       * The same limit for two photos of one owner. It is higher because people often photograph a view twice. Our
       * choice.
       */
      maxDistanceSameOwner: z.int().min(0).max(128).default(40),
    })
    .nullable()
    .prefault({}),
  /** Maximum number of rows in the dataset, drawn at random by the seed. Null keeps all photos that pass. */
  size: z.int().positive().nullable().default(null),
  /** How to choose the test rows; null for a dataset without a test split. */
  split: z
    .strictObject({
      /**
       * Share of owners whose photos go to the test split. The paper's test set is 26 % of its training and test sets
       * together.
       */
      testShare: share.default(0.26),
      /** Share of cities that are only in the test split. Our choice. */
      unseenCityShare: share.default(0.1),
    })
    .nullable()
    .prefault({}),
  seed: z.int().nonnegative().default(1),
  /** The run ends if an instrument fails for this long. Our choice. */
  maxOutageMinutes: z.number().nonnegative().default(60),
  /**
   * Maximum cost of the run; null for no limit. The run does not start if the estimate is higher, and stops when its
   * cost reaches the limit. With a limit, every annotator and the solvable gate's model need a price. GPS and meaning
   * models on a server are not counted.
   */
  maxCost: z.number().positive().nullable().default(null),
});

export type Recipe = z.infer<typeof recipeSchema>;
export type AnnotatorRecipe = Recipe['annotators'][number];

/** Returns the annotator's name in records and keys. */
export function annotatorName({ name, model }: Pick<AnnotatorRecipe, 'name' | 'model'>): string {
  return name ?? model;
}
