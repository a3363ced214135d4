/** Recipes of geocell classifiers and retrievers, which answer with a position instead of text. */
import { z } from 'zod';
import { commonFields, count, encoderSchema, photosSchema, rate } from '../recipe-fields.ts';

const [checkpoint, newEncoder] = encoderSchema.options;

/** The defaults are our choice, for models of a few hundred thousand weights. */
const familyFields = {
  ...commonFields,
  model: z.union([
    checkpoint,
    newEncoder.extend({
      /** Initial image encoder: the model/ folder of a run with `method: vision`. */
      tower: z.string().optional(),
    }),
  ]),
  /** Freezes the image encoder, as in GeoCLIP. */
  freezeVision: z.boolean().default(false),
  data: photosSchema,
  batchSize: count.default(64),
  epochs: z.number().positive().default(10),
  learningRate: rate.default(1e-3),
  schedule: commonFields.schedule.default('cosine'),
  warmupShare: commonFields.warmupShare.default(0.05),
};

export const geocellSchema = z.strictObject({
  ...familyFields,
  method: z.literal('geocell'),
  /** Limits for dividing the training positions into cells. */
  cells: z
    .strictObject({
      minPhotos: count.default(10),
      maxPhotos: count.default(50),
      /** Cells up to this width are not split, even if they have more than `maxPhotos` photos. */
      smallestKm: rate.default(25),
    })
    .prefault({}),
  /** A cell's share of the target falls by a factor e over this distance. 0 is plain cross-entropy; PIGEON uses 75. */
  smoothingKm: z.number().nonnegative().default(75),
});

export const retrieverSchema = z.strictObject({
  ...familyFields,
  method: z.literal('retriever'),
  /** Length of the embeddings of images and positions. */
  width: count.default(128),
  /** Number of training positions in the gallery, by default all. The seed determines which positions are used. */
  galleryPositions: count.optional(),
});

export type GeocellRecipe = z.infer<typeof geocellSchema>;
export type RetrieverRecipe = z.infer<typeof retrieverSchema>;
export type FamilyRecipe = GeocellRecipe | RetrieverRecipe;
