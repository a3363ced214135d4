/** Recipes of the two model families that output a position instead of text: geocell classifiers and retrievers. */
import { z } from 'zod';
import { commonFields, count, encoderSchema, photosSchema, rate } from '../recipe-fields.ts';

const [checkpoint, newEncoder] = encoderSchema.options;

/** Defaults are our choice, for models of a few hundred thousand weights. */
const familyFields = {
  ...commonFields,
  model: z.union([
    checkpoint,
    newEncoder.extend({
      /** Initial image encoder: the model/ folder of a run with `method: vision`. */
      tower: z.string().optional(),
    }),
  ]),
  /** Freezes the image encoder, as GeoCLIP does. */
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
  /** How the positions of the training photos are divided into cells. */
  cells: z
    .strictObject({
      minPhotos: count.default(10),
      maxPhotos: count.default(50),
      /** Cells up to this width are not split, however many photos they hold. */
      smallestKm: rate.default(25),
    })
    .prefault({}),
  /** Distance over which a cell's share of the target falls by the factor e; 0: plain cross-entropy; 75: PIGEON. */
  smoothingKm: z.number().nonnegative().default(75),
});

export const retrieverSchema = z.strictObject({
  ...familyFields,
  method: z.literal('retriever'),
  /** Dimension of the embeddings of images and positions. */
  width: count.default(128),
  /** Number of training photos, chosen by the seed, whose positions form the gallery; all by default. */
  galleryPositions: count.optional(),
});

export type GeocellRecipe = z.infer<typeof geocellSchema>;
export type RetrieverRecipe = z.infer<typeof retrieverSchema>;
export type FamilyRecipe = GeocellRecipe | RetrieverRecipe;
