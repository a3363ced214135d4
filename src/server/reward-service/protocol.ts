/** The wire format of the reward service. Every request passes these schemas before it is used. */
import { z } from '@hono/zod-openapi';
import { rewardNames } from '../../reward/registry.ts';
import { REWARD_MODES } from '../../reward/reward.ts';

const imageSchema = z
  .union([
    z.object({ id: z.string().min(1).describe('Name of a file in the image folder, with or without extension.') }),
    z.object({ path: z.string().min(1).describe('Path of a file inside the image folder.') }),
    z.object({ base64: z.string().min(1).describe('The file’s bytes; a data URI is accepted too.') }),
  ])
  .openapi('Image');

/** Limits the cost of comparing every named thing with every visible one; no image shows more. */
const MAX_SEEN = 1000;

const entitySchema = z.union([z.string(), z.object({ text: z.string() })]);

export const rowSchema = z
  .object({
    id: z.string().describe('Returned with the row.'),
    sample_id: z.string().optional().describe('Rows of one group (one prompt) share it.'),
    completion: z.string(),
    solution: z
      .union([
        z.string().describe('"France\\tParis", or with <country> and <city> tags.'),
        z.object({ country: z.string().min(1), city: z.string().optional() }),
      ])
      .describe('Where the photo was taken.'),
    coordinate: z
      .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
      .optional(),
    elements: z
      .array(z.object({ label: z.string(), share: z.number().min(0).max(1).default(0) }))
      .max(MAX_SEEN)
      .optional()
      .describe('What the image shows. Default: the entities.'),
    entities: z.array(entitySchema).max(MAX_SEEN).optional().describe('The dataset’s entity tags.'),
    texts: z.array(z.string()).max(MAX_SEEN).optional().describe('Text that can be read in the image.'),
    images: z.array(imageSchema).max(1).optional(),
    finish_reason: z.string().optional().describe('"length" if the completion ended at its token limit.'),
    completion_tokens: z
      .int()
      .nonnegative()
      .optional()
      .describe('Length of the completion for the length reward. Default: its number of words.'),
  })
  .openapi('Row');

export type RewardRow = z.infer<typeof rowSchema>;
export type ImageReference = z.infer<typeof imageSchema>;

export const scoreRequestSchema = z
  .object({
    rows: z.array(rowSchema).min(1).max(10_000),
    detail: z.boolean().default(false).describe('Also return what matched what.'),
  })
  .openapi('ScoreRequest');

/** The schema describes rewards that are registered later as additional numbers. */
const byReward = <Value extends z.ZodType>(value: Value) =>
  z.object(Object.fromEntries(rewardNames().map((name) => [name, value.optional()]))).catchall(value);

export const scoredRowSchema = z
  .object({
    id: z.string(),
    components: byReward(z.number().nullable()),
    total: z.number().nullable().describe('Null when any weighted component is missing; never 0 instead.'),
    error: z.string().optional().describe('Why the total is null.'),
    detail: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .optional()
      .describe('By component, if requested: what matched what, and how the score was computed.'),
  })
  .openapi('ScoredRow');

export type ScoredRow = z.infer<typeof scoredRowSchema>;

export const scoreResponseSchema = z
  .object({ rows: z.array(scoredRowSchema), reward: z.string().describe('Components, weights and versions.') })
  .openapi('ScoreResponse');

export const describedRewardSchema = z
  .object({
    mode: z.enum(REWARD_MODES),
    weights: byReward(z.number()),
  })
  .openapi('Reward');

export const openRlhfRequestSchema = z
  .object({
    query: z.array(z.string()).min(1).describe('Prompt and completion in one text.'),
    prompts: z.array(z.string()),
    labels: z.array(z.string()).describe('A JSON row without `completion`, or the solution alone.'),
  })
  .refine(({ query, prompts, labels }) => query.length === prompts.length && query.length === labels.length, {
    message: 'query, prompts and labels must have the same length',
  })
  .openapi('OpenRlhfRequest');

export const openRlhfResponseSchema = z
  .object({
    rewards: z.array(z.number()),
    scores: z.array(z.number()),
    extra_logs: z.record(z.string(), z.array(z.number())),
  })
  .openapi('OpenRlhfResponse');

export const errorSchema = z.object({ error: z.string() }).openapi('Error');
