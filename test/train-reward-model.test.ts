import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { rewardModelInputs } from '../src/miniature/adapters/training-inputs.ts';
import { generateWorld } from '../src/miniature/generate.ts';
import { locateTarget } from '../src/prompts/locate-prompt.ts';
import { localizability } from '../src/reward/localizability.ts';
import type { PhotoSource } from '../src/training/photo-source.ts';
import { type EmbeddedJudge, openEmbeddedJudge } from '../src/training/reward-model/embedded-judge.ts';
import type { RewardModelRecipe } from '../src/training/reward-model/recipe.ts';
import type { RewardModelReport } from '../src/training/reward-model/reward-model-report.ts';
import { trainRewardModel } from '../src/training/reward-model/train-reward-model.ts';

const { signal } = new AbortController();
let folder: string;
let recipe: RewardModelRecipe;
let source: PhotoSource;
let report: RewardModelReport;
let judge: EmbeddedJudge;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-reward-model-'));
  const gazetteer = openGazetteer();
  const world = join(folder, 'world');
  await generateWorld({ out: world, scenes: 120, seed: 3, pixels: 64, gazetteer, signal });
  recipe = {
    method: 'reward-model',
    data: {
      world,
      annotators: ['careful', 'bold'].map((model) => ({ model, samples: 1 })),
      validationShare: 0.2,
    },
    corruptions: ['other-photo', 'other-things', 'other-place'],
    model: { vocabularySize: 300, width: 32, names: ['elements', 'place'], imagePixels: 32 },
    seed: 1,
    epochs: 2,
    photosPerStep: 16,
    learningRate: 2e-3,
    weightDecay: 0.01,
    warmupShare: 0.1,
  };
  const inputs = await rewardModelInputs(recipe, gazetteer);
  ({ source } = inputs);
  report = await trainRewardModel({ ...inputs, recipe, out: join(folder, 'model'), gazetteer, signal });
  judge = await openEmbeddedJudge(join(folder, 'model'), { threads: 1 });
}, 60_000);

afterAll(async () => {
  await judge.dispose();
  await rm(folder, { recursive: true });
});

describe('trainRewardModel', () => {
  it('reports held-out quality overall, by scene and by kind of negative', () => {
    expect(report.photos).toBe(20);
    expect(Object.keys(report.truthByKind).toSorted()).toEqual(['judged', ...recipe.corruptions].toSorted());
    expect(report.truth.auc).toBeGreaterThan(0.3);
    expect(report.curve.reduce((sum, { n }) => sum + n, 0)).toBe(report.truth.n);
  });

  it('writes a card with its figures', async () => {
    const card = await readFile(join(folder, 'model/README.md'), 'utf8');
    expect(card).toContain(`| all | ${report.truth.n} | ${report.truth.yes} |`);
  });
});

describe('the embedded judge', () => {
  it('serves the localizability reward, and answers a batch like single requests', async () => {
    const examples = await source.photos({ split: 'test', seed: 1, signal, limit: 6 });
    const reasonings = ['A red tram runs in Prague.', 'There is a wall. That could be anywhere.'];
    const rows = examples.flatMap(({ image, truth }, i) =>
      reasonings.map((reasoning) => ({
        id: String(i),
        image,
        truth,
        completion: locateTarget({ reasoning, country: 'Czechia', city: 'Prague' }),
      })),
    );
    const scores = await localizability(judge).score(rows, { signal });
    const single = await Promise.all(
      rows.map(async ({ image }, i) => (await judge.probabilities([{ image, reasoning: reasonings[i % 2]! }]))[0]!),
    );
    for (const [i, score] of scores.entries()) {
      expect(score).toMatchObject({ kind: 'scored', value: expect.closeTo(single[i]!, 4) });
    }
  });

  it('rejects other questions', async () => {
    const [example] = await source.photos({ split: 'test', seed: 1, signal, limit: 1 });
    const request = { image: example!.image, samples: 1, temperature: 0, maxTokens: 1, signal };
    await expect(judge.generate({ ...request, prompt: 'Where is this?' })).rejects.toThrow(/localizability question/);
  });
});
