/** Fields that training recipes share: data, model, schedule and checkpoints. */
import { z } from 'zod';

export const count = z.int().positive();
export const share = z.number().min(0).max(1);
export const rate = z.number().positive();

const checkpoint = z.strictObject({
  checkpoint: z.string().describe('A nano checkpoint folder to start from.'),
});

const newEncoder = z.strictObject({
  size: z.enum(['tiny', 'small', 'medium', 'base']),
  backbone: z.enum(['vit', 'mixer']).default('vit'),
});

/** A language model, either from a checkpoint or new. A new model gets its own vocabulary. */
export const modelSchema = z.union([
  checkpoint,
  newEncoder.extend({
    vocabularySize: count.default(1024),
    /**
     * Folder of the vision tower whose encoder weights the model starts from: `model` in the run folder of a recipe
     * with `method: vision`.
     */
    tower: z.string().optional(),
  }),
]);

/** An image encoder, either from a checkpoint or new. */
export const encoderSchema = z.union([checkpoint, newEncoder]);

/** Sources of photos with coordinates. */
export const photosSchema = z.strictObject({
  /** Path of a generated world or a curated dataset (Parquet). */
  train: z.string(),
  /** Path of a generated world, whose test split is used for evaluation. */
  evaluation: z.string().optional(),
  trainImages: count.optional(),
  /**
   * Seed that selects `trainImages` photos. The default is the recipe's seed. Runs with the same `imageSeed` use the
   * same photos.
   */
  imageSeed: z.int().optional(),
  evaluationImages: count.optional(),
});

export const commonFields = {
  seed: z.int().default(1),
  batchSize: count,
  epochs: z.number().positive(),
  schedule: z.enum(['constant', 'linear', 'cosine']),
  warmupShare: share,
  learningRate: rate,
  weightDecay: z.number().min(0).default(0),
  maxGradientNorm: rate.default(1),
  checkpointEvery: count.default(50),
  /** Steps between evaluations; 0 disables them. */
  evaluateEvery: z.int().nonnegative().default(100),
};
