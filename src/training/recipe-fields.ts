/** What every training recipe says: data, model, schedule and bookkeeping. */
import { z } from 'zod';

export const count = z.int().positive();
export const share = z.number().min(0).max(1);
export const rate = z.number().positive();

const checkpoint = z.strictObject({
  checkpoint: z.string().describe('A nano checkpoint folder to start from.'),
});

const newEncoder = z.strictObject({
  size: z.enum(['tiny', 'small', 'base']),
  backbone: z.enum(['vit', 'mixer']).default('vit'),
});

/** A model that writes: a checkpoint, or a new one with a vocabulary of its own. */
export const modelSchema = z.union([
  checkpoint,
  newEncoder.extend({
    vocabularySize: count.default(1024),
    /** The image encoder to begin with: what a recipe with `method: vision` left in model/. */
    tower: z.string().optional(),
  }),
]);

/** A model that sees only: of a checkpoint its image encoder, or a new one. */
export const encoderSchema = z.union([checkpoint, newEncoder]);

/** Photos with positions. */
export const photosSchema = z.strictObject({
  /** A generated world, or a curated dataset (Parquet). */
  train: z.string(),
  /** A generated world whose test split measures the model. */
  evaluation: z.string().optional(),
  trainImages: count.optional(),
  /** What chooses the `trainImages`; the recipe's seed by default. One value for all runs gives them the same images. */
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
  /** 0: never. */
  evaluateEvery: z.int().nonnegative().default(100),
};
