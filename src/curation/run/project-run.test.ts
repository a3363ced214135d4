import { expect, it } from 'vitest';
import { projectRun } from './project-run.ts';

const funnel = {
  photos: 201,
  stages: [
    { stage: 'localizability', reached: 200, dropped: 120, causes: [] },
    { stage: 'duplicate', reached: 80, dropped: 30, causes: [] },
    { stage: 'size', reached: 50, dropped: 40, causes: [] },
  ],
  train: 10,
  test: 0,
  pending: 1,
} as const;
const usage = { promptTokens: 100_000, completionTokens: 20_000 };
const costs = [{ annotator: 'a', requests: 150, usage, amount: 0.5, currency: 'USD' }];

it('scales requests, tokens, cost and hours by the judged photos, and leaves out size and split', () => {
  const projection = projectRun({ funnel, costs, photos: 20_000, seconds: 72 })!;
  expect(projection).toMatchObject({ pilotPhotos: 200, photos: 20_000, passed: 5000, hours: 2 });
  expect(projection.passRate).toMatchObject({ hits: 50, n: 200, value: 0.25 });
  expect(projection.costs).toEqual([
    {
      annotator: 'a',
      requests: 15_000,
      usage: { promptTokens: 10_000_000, completionTokens: 2_000_000 },
      amount: 50,
      currency: 'USD',
    },
  ]);
});

it('states no hours for a pilot that was resumed, and nothing for one without photos', () => {
  expect(projectRun({ funnel, costs, photos: 1000 })).not.toHaveProperty('hours');
  const empty = { ...funnel, photos: 1, stages: [], train: 0 };
  expect(projectRun({ funnel: empty, costs: [], photos: 1000 })).toBeUndefined();
});
