/** Recipes for geocell classifiers and retrievers. These models answer with a position instead of text. */
import { z } from 'zod';
import { commonFields, count, encoderSchema, photosSchema, rate } from '../recipe-fields.ts';

const [checkpoint, newEncoder] = encoderSchema.options;

/** The defaults are our choice, for models of a few hundred thousand weights. */
const familyFields = {
  ...commonFields,
  model: z.union([
    checkpoint,
    newEncoder.extend({
      /**
       * Folder of the vision tower whose encoder weights the model starts from: `model` in the run folder of a recipe
       * with `method: vision`.
       */
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
      /** Cells narrower than this width are not split, even if they have more than `maxPhotos` photos. */
      smallestKm: rate.default(25),
    })
    .prefault({}),
  /**
   * The training target spreads over cells near the true cell: a cell's weight falls by a factor of e per `smoothingKm`
   * of distance. PIGEON uses 75. With 0, the target is the true cell alone (plain cross-entropy).
   */
  smoothingKm: z.number().nonnegative().default(75),
});

export const retrieverSchema = z.strictObject({
  ...familyFields,
  method: z.literal('retriever'),
  /** Length of the embeddings of images and positions. */
  width: count.default(128),
  /**
   * Number of training positions in the gallery. The default is all. The recipe's seed determines which positions are
   * used.
   */
  galleryPositions: count.optional(),
});

export type GeocellRecipe = z.infer<typeof geocellSchema>;
export type RetrieverRecipe = z.infer<typeof retrieverSchema>;
export type FamilyRecipe = GeocellRecipe | RetrieverRecipe;
