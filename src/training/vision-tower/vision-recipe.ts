/** The recipe of a vision tower, an image encoder that is trained to name the elements of each patch. */
import { z } from 'zod';
import { commonFields, count, encoderSchema, photosSchema, rate } from '../recipe-fields.ts';

/** The defaults are our choice, for encoders of a few hundred thousand weights. */
export const visionSchema = z.strictObject({
  ...commonFields,
  method: z.literal('vision'),
  model: encoderSchema,
  /** The photos must be generated worlds, because other sources have no element maps. */
  data: photosSchema,
  batchSize: count.default(32),
  epochs: z.number().positive().default(8),
  learningRate: rate.default(2e-3),
  weightDecay: commonFields.weightDecay.default(0.05),
  schedule: commonFields.schedule.default('cosine'),
  warmupShare: commonFields.warmupShare.default(0.05),
});

export type VisionRecipe = z.infer<typeof visionSchema>;
