/** Schemas of the reward service's answers. request-schema.ts has the schemas of the requests. */
import { z } from '@hono/zod-openapi';
import { rewardNames } from '../../reward/registry.ts';
import { REWARD_MODES } from '../../reward/reward.ts';

/** An object with one value per reward. Other names are allowed, because rewards may be registered later. */
const byReward = <Value extends z.ZodType>(value: Value) =>
  z.object(Object.fromEntries(rewardNames().map((name) => [name, value.optional()]))).catchall(value);

export const scoredRowSchema = z
  .object({
    id: z.string().describe('The row’s id; its index in the request if that id is missing or invalid.'),
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

export const openRlhfResponseSchema = z
  .object({
    rewards: z.array(z.number()),
    scores: z.array(z.number()),
    extra_logs: z.record(z.string(), z.array(z.number())),
  })
  .openapi('OpenRlhfResponse');

export const errorSchema = z.object({ error: z.string() }).openapi('Error');

export const stateSchema = z
  .object({ status: z.string(), reason: z.string().optional().describe('Why the judge cannot be used.') })
  .openapi('State');
