/** Recipes of the two families that see and do not write: classification over geocells, and retrieval of positions. */
import { z } from 'zod';
import { commonFields, count, encoderSchema, photosSchema, rate } from '../recipe-fields.ts';

const [checkpoint, newEncoder] = encoderSchema.options;

/** Our choice, for models of a few hundred thousand weights. */
const familyFields = {
  ...commonFields,
  model: z.union([
    checkpoint,
    newEncoder.extend({
      /** The image encoder to begin with: what a recipe with `method: vision` left in model/. */
      tower: z.string().optional(),
    }),
  ]),
  /** The image encoder stays as it is, as GeoCLIP's does. */
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
  /** How the training photos' positions are cut into cells. */
  cells: z
    .strictObject({
      minPhotos: count.default(10),
      maxPhotos: count.default(50),
      /** Cells no wider than this stay whole, however many photos they hold. */
      smallestKm: rate.default(25),
    })
    .prefault({}),
  /** Over how many km a cell's share of the target falls by a factor e; 0 is plain cross-entropy. 75 is PIGEON's. */
  smoothingKm: z.number().nonnegative().default(75),
});

export const retrieverSchema = z.strictObject({
  ...familyFields,
  method: z.literal('retriever'),
  /** Width of the space that images and positions share. */
  width: count.default(128),
  /** Positions to choose from: this many of the training photos, by the seed; all unless given. */
  galleryPositions: count.optional(),
});

export type GeocellRecipe = z.infer<typeof geocellSchema>;
export type RetrieverRecipe = z.infer<typeof retrieverSchema>;
export type FamilyRecipe = GeocellRecipe | RetrieverRecipe;
