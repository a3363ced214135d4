/**
 * Recipe of an embedded reward model. The paper's reward model has 7B parameters, so all numbers here are our choice.
 */
import { z } from 'zod';
import { readYaml } from '../../storage/read-document.ts';
import { CORRUPTIONS } from './corruptions.ts';

const count = z.int().positive();
const share = z.number().min(0).max(1);

export const rewardModelRecipeSchema = z.strictObject({
  method: z.literal('reward-model'),
  data: z.strictObject({
    /** Path of a generated world. The model is measured on the world's test split, whose photos have other owners. */
    world: z.string(),
    /**
     * Annotators that label the pairs, with `samples` answers per photo. Photos on which annotators disagree are not
     * used.
     */
    annotators: z.array(z.strictObject({ model: z.string(), samples: count.default(1) })).min(2),
    trainImages: count.optional(),
    testImages: count.optional(),
    /** Share of the owners whose photos are used for calibration instead of training. */
    validationShare: share.default(0.1),
  }),
  /**
   * Kinds of corruption. In every epoch, each reasoning text that names a place is corrupted again in each of these
   * ways.
   */
  corruptions: z
    .array(z.enum(CORRUPTIONS))
    .min(1)
    .default([...CORRUPTIONS]),
  model: z.strictObject({
    /** Maximum number of words and word pairs in the vocabulary. */
    vocabularySize: count.default(2048),
    width: count.default(256),
    /** Side of the square to which photos are scaled. */
    imagePixels: count.default(96),
    /**
     * Folder of a vision tower (`method: vision`) or a language model, from which the image encoder's initial weights
     * are loaded.
     */
    tower: z.string().optional(),
    /** What the encoder also learns to name: `elements` means visual elements, `place` means the country and city. */
    names: z.array(z.enum(['elements', 'place'])).default(['elements', 'place']),
  }),
  seed: z.int().default(1),
  epochs: count,
  /** Photos per step. A step uses all pairs of its photos. */
  photosPerStep: count,
  learningRate: z.number().positive(),
  weightDecay: z.number().min(0),
  warmupShare: share.default(0.05),
});

export type RewardModelRecipe = z.infer<typeof rewardModelRecipeSchema>;

/**
 * Reads a recipe. Throws `not-found` for a missing file. Throws `invalid-input` for an invalid field, and names the
 * field and its valid values.
 */
export async function readRewardModelRecipe(path: string): Promise<RewardModelRecipe> {
  return readYaml(path, {
    name: 'reward model recipe',
    schema: rewardModelRecipeSchema,
    hint: 'See the examples in recipes/.',
  });
}
