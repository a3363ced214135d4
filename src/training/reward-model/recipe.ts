/** Recipe of an embedded reward model: data, pairs, model, schedule. Every number is our choice; the paper trains a 7B model. */
import { z } from 'zod';
import { readYaml } from '../../storage/read-document.ts';
import { CORRUPTIONS } from './corruptions.ts';

const count = z.int().positive();
const share = z.number().min(0).max(1);

export const rewardModelRecipeSchema = z.strictObject({
  method: z.literal('reward-model'),
  data: z.strictObject({
    /** A generated world: its training split to learn from, its test split (other owners) to measure. */
    world: z.string(),
    /** Whose judgements label the pairs, `samples` answers each; a pair needs two that agree. */
    annotators: z.array(z.strictObject({ model: z.string(), samples: count.default(1) })).min(2),
    trainImages: count.optional(),
    testImages: count.optional(),
    /** Owners of the training split whose photos fit the calibration instead. */
    validationShare: share.default(0.1),
  }),
  /** Kinds of corrupted reasoning; each reasoning that places its photo gets one of every kind, drawn anew each epoch. */
  corruptions: z
    .array(z.enum(CORRUPTIONS))
    .min(1)
    .default([...CORRUPTIONS]),
  model: z.strictObject({
    /** Words and neighbouring pairs of words that are read. */
    vocabularySize: count.default(2048),
    width: count.default(256),
    /** Side of the square that photos are scaled to. */
    imagePixels: count.default(96),
    /** The image encoder to begin with: of a vision tower (`method: vision`), or of a model that writes. */
    tower: z.string().optional(),
    /** What the encoder learns to name of a training photo beside judging: its visual elements, its country and city. */
    names: z.array(z.enum(['elements', 'place'])).default(['elements', 'place']),
  }),
  seed: z.int().default(1),
  epochs: count,
  /** Photos a step, each with all its pairs. */
  photosPerStep: count,
  learningRate: z.number().positive(),
  weightDecay: z.number().min(0),
  warmupShare: share.default(0.05),
});

export type RewardModelRecipe = z.infer<typeof rewardModelRecipeSchema>;

/** Throws `not-found`, or `invalid-input` that names the field and what it should be. */
export async function readRewardModelRecipe(path: string): Promise<RewardModelRecipe> {
  return readYaml(path, { name: 'recipe of a reward model', schema: rewardModelRecipeSchema, hint: 'See recipes/.' });
}
