/**
 * The schema of training recipes, which are YAML files in recipes/. Defaults are the paper's values where the paper
 * states them (docs/fidelity.md). Comments mark all other defaults as our choice.
 */
import { z } from 'zod';
import { addressProblem } from '../service/service-address.ts';
import { WEIGHT_PRESETS, weightsProblem } from '../reward/combine.ts';
import { shapeSchema } from '../reward/distance-shape.ts';
import { rewardNames } from '../reward/registry.ts';
import { REWARD_MODES } from '../reward/reward.ts';
import { readYaml } from '../storage/read-document.ts';
import { corpusSchema } from './corpus.ts';
import { geocellSchema, retrieverSchema } from './families/family-recipe.ts';
import { commonFields, count, modelSchema, photosSchema, rate, share } from './recipe-fields.ts';
import { visionSchema } from './vision-tower/vision-recipe.ts';

const weightsSchema = z.union([
  z.enum(Object.keys(WEIGHT_PRESETS) as [keyof typeof WEIGHT_PRESETS]),
  z
    .object(Object.fromEntries(rewardNames().map((name) => [name, z.number().optional()])))
    .catchall(z.number())
    .superRefine((weights, context) => {
      const problem = weightsProblem(weights);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    }),
]);

/** Limits for the length reward. The penalty grows linearly over the last `bufferTokens` tokens before `maxTokens`. */
const lengthSchema = z
  .strictObject({ maxTokens: count, bufferTokens: count })
  .refine(({ maxTokens, bufferTokens }) => bufferTokens <= maxTokens, {
    error: 'bufferTokens exceeds maxTokens: lower it',
    path: ['bufferTokens'],
  });

const dataSchema = photosSchema.extend({
  /**
   * Simulated annotators that write the training targets for a generated world. Each annotator gives `samples` answers
   * per photo.
   */
  annotators: z.array(z.strictObject({ model: z.string(), samples: count.default(1) })).default([]),
  /**
   * Corpora for pretraining on a generated world. They have their own prompts, and replace the annotators' targets.
   */
  corpora: z.array(corpusSchema).default([]),
});

const policyFields = {
  ...commonFields,
  model: modelSchema,
  data: dataSchema,
  /**
   * True if the prompt requests a reasoning text before the answer. False requests only the two answer lines, as in the
   * column CoT of the paper's Table 3.
   */
  reasoning: z.boolean().default(true),
  /** Small models need the short prompt, because the full prompt would fill their context. */
  prompt: z.enum(['full', 'short']).default('full'),
  maxCompletionTokens: count,
  /** Freezes the image encoder, as in the release's supervised fine-tuning. */
  freezeVision: z.boolean().default(false),
  /**
   * Number of worker threads. The default is one per core. Results are equal bit for bit only if this number is the
   * same. Our choice.
   */
  workers: count.optional(),
};

/** The defaults are the settings of the release's SFT: full fine-tuning, lr 1e-5, 2 epochs, batch 64, warm-up 0.05. */
const sftSchema = z.strictObject({
  ...policyFields,
  method: z.literal('sft'),
  /**
   * Place in the training targets for a curated dataset. 'truth' is the photo's own place, as in the release.
   * 'annotator' is the place named by the annotator who wrote the reasoning text.
   */
  target: z.enum(['truth', 'annotator']).default('truth'),
  batchSize: count.default(64),
  learningRate: rate.default(1e-5),
  schedule: commonFields.schedule.default('cosine'),
  warmupShare: share.default(0.05),
  epochs: z.number().positive().default(2),
  maxCompletionTokens: count.default(1024),
});

const BIASED = "this value would bias GRPO's gradient: remove the field, or use temperature 1 and topP 1 without topK";

/**
 * The defaults are the settings of the release's GRPO: lr 1e-6, 1 epoch, warm-up 0.01, group 16, temperature 1, β
 * 0.001, 1024 tokens.
 */
const grpoSchema = z.strictObject({
  ...policyFields,
  method: z.literal('grpo'),
  data: dataSchema.refine(({ corpora }) => corpora.length === 0, {
    error: 'GRPO samples its own texts: remove corpora, or pretrain with method sft first',
    path: ['corpora'],
  }),
  /** Prompts per step. The release uses 8 prompts: 8 GPUs × batch 8 × accumulation 2 / group 16. */
  batchSize: count.default(8),
  learningRate: rate.default(1e-6),
  schedule: commonFields.schedule.default('cosine'),
  warmupShare: share.default(0.01),
  epochs: z.number().positive().default(1),
  maxCompletionTokens: count.default(1024),
  preset: z.enum(['globe', 'grpo', 'dr-grpo', 'dapo', 'gspo', 'cispo']).default('globe'),
  /** Overrides the preset's β; 0 removes the KL term. */
  beta: z.number().min(0).optional(),
  groupSize: z.int().min(2).default(16),
  /**
   * The policy gradient uses log-probabilities before temperature, top-k and top-p. It is unbiased only if the samples
   * come from the same distribution. The schema therefore accepts only values of temperature, topP and topK that do not
   * change the distribution.
   */
  temperature: rate.default(1).refine((value) => value === 1, BIASED),
  topP: share.optional().refine((value) => value === undefined || value === 1, BIASED),
  topK: count.optional().refine((value) => value === undefined, BIASED),
  minibatches: count.default(1),
  iterations: count.default(1),
  reward: z
    .strictObject({
      mode: z.enum(REWARD_MODES).default('paper'),
      weights: weightsSchema.default('script'),
      alpha: share.optional(),
      /** Shape of the reward in mode distance. `tauKm: { from, to }` changes τ over the training. */
      shape: shapeSchema.optional(),
      /** Required if `weights` includes length. */
      length: lengthSchema.optional(),
      /** Model that judges localizability, as BASE_URL#NAME or the name of a configured model. */
      judge: z.string().optional(),
      /**
       * Model that checks claims in reward mode `verified`, as BASE_URL#NAME or the name of a configured model. Without
       * it, claims are checked against the photos' elements.
       */
      verifier: z.string().optional(),
      /** True if an element of the photo also grounds its parts. Use it for segmentations without labels for parts. */
      parts: z.boolean().default(false),
      /**
       * URL of a reward service, which replaces all reward fields above. The environment variable GLOBE_TOKEN holds the
       * service's token.
       */
      service: z
        .url({ protocol: /^https?$/ })
        .refine((address) => addressProblem(address) === undefined, {
          error: 'the address carries credentials, a query or a fragment: put the token into GLOBE_TOKEN',
          abort: true,
        })
        .optional(),
    })
    .refine(
      ({ service, judge, verifier, parts, alpha, shape, length, mode, weights }) =>
        service === undefined ||
        (judge === undefined &&
          verifier === undefined &&
          !parts &&
          alpha === undefined &&
          shape === undefined &&
          length === undefined &&
          mode === 'paper' &&
          weights === 'script'),
      {
        error:
          'the service sets mode, weights, alpha, shape, length, judge, verifier and parts: remove them from the recipe',
        path: ['service'],
      },
    )
    .refine(({ shape, mode }) => shape === undefined || mode === 'distance', {
      error: 'shape applies only to mode distance: set mode: distance, or remove shape',
      path: ['shape'],
    })
    .refine(({ verifier, mode }) => verifier === undefined || mode === 'verified', {
      error: 'verifier applies only to mode verified: set mode: verified, or remove verifier',
      path: ['verifier'],
    })
    .refine(({ weights, length }) => typeof weights === 'string' || !weights.length || length !== undefined, {
      error: 'the length reward needs limits: add length: { maxTokens, bufferTokens }',
      path: ['length'],
    })
    .prefault({}),
});

export const trainRecipeSchema = z.discriminatedUnion('method', [
  sftSchema,
  grpoSchema,
  geocellSchema,
  retrieverSchema,
  visionSchema,
]);

export type TrainRecipe = z.infer<typeof trainRecipeSchema>;
export type SftRecipe = z.infer<typeof sftSchema>;
export type GrpoRecipe = z.infer<typeof grpoSchema>;
/** Recipes that train a language model. */
export type PolicyRecipe = SftRecipe | GrpoRecipe;

/**
 * Reads a recipe. Throws `not-found` for a missing file. Throws `invalid-input` for an invalid field, and names the
 * field and its valid values.
 */
export async function readTrainRecipe(path: string): Promise<TrainRecipe> {
  return readYaml(path, { name: 'training recipe', schema: trainRecipeSchema, hint: 'See the examples in recipes/.' });
}
