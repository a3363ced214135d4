/** Checks that a user's reward, once registered, works in recipes, on the command line and in the reward service. */
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { weights } from '../src/cli/reward-values.ts';
import { scored } from '../src/core/score.ts';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { registerReward } from '../src/reward/registry.ts';
import { pureReward } from '../src/reward/reward.ts';
import { imageSource } from '../src/server/reward-service/image-source.ts';
import { rewardService } from '../src/server/reward-service/reward-service.ts';
import { trainRecipeSchema } from '../src/training/recipe.ts';

registerReward({
  name: 'brevity',
  description: '1 for a completion of at most 4 characters, else 0.',
  inputs: [],
  create: () => pureReward('brevity/1', ({ completion }) => scored(completion.length <= 4 ? 1 : 0)),
});

it('takes a weight in a recipe and on the command line', () => {
  const recipe = { method: 'grpo', model: { checkpoint: 'x' }, data: { train: 'y' } };
  const parsed = trainRecipeSchema.parse({ ...recipe, reward: { weights: { brevity: 2, accuracy: 1 } } });
  expect(parsed).toMatchObject({ reward: { weights: { accuracy: 1, brevity: 2 } } });
  expect(weights('brevity=2,accuracy=1')).toEqual({ brevity: 2, accuracy: 1 });
  const unknown = trainRecipeSchema.safeParse({ ...recipe, reward: { weights: { beauty: 2 } } });
  expect(JSON.stringify(unknown.error)).toContain('unknown reward \\\\\\"beauty\\\\\\"');
});

it('is scored and listed by the service', async () => {
  const app = rewardService({
    scoring: {
      mode: 'paper',
      weights: { brevity: 2 },
      gazetteer: openGazetteer(),
      grounder: { entities: () => [], claims: () => [], match: () => [] },
      images: imageSource({}),
      deadlineMs: 1000,
    },
    maxBodyBytes: 10_000,
    log: pino({ enabled: false }),
    now: () => 0,
  });
  const rows = [{ id: 'a', completion: '1234', solution: 'France\tParis' }];
  const response = await app.request('/v1/score', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rows }),
  });
  expect(await response.json()).toEqual({
    rows: [{ id: 'a', components: { brevity: 1 }, total: 2 }],
    reward: '2·brevity/1',
  });
  const described = await app.request('/v1/reward');
  expect(await described.json()).toEqual({ mode: 'paper', weights: { brevity: 2 } });
  expect(await (await app.request('/metrics')).text()).toContain('globe_reward_component_share{component="brevity"} 1');
});
