import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGazetteer } from '../gazetteer/open.ts';
import { openGrounder } from '../grounding/entity-grounder.ts';
import { generateWorld } from '../miniature/generate.ts';
import type { VisionModel } from '../vision/vision-model.ts';
import { evaluateArm, loadTestPhotos } from './evaluate-arm.ts';

const { signal } = new AbortController();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-arm-'));
});
afterAll(() => rm(folder, { recursive: true }));

it("counts the judge's pass apart from the answers", { timeout: 60_000 }, async () => {
  const gazetteer = openGazetteer();
  const world = join(folder, 'world');
  await generateWorld({ out: world, scenes: 40, seed: 1, pixels: 64, gazetteer, signal });
  const photos = await loadTestPhotos(world, signal);
  const judge: VisionModel = {
    name: 'judge',
    generate: async () => [{ text: 'Yes', finishReason: 'stop' }],
  };
  const counts: string[] = [];
  await evaluateArm({
    arm: { kind: 'annotator', profile: 'careful' },
    photos,
    world,
    prompt: 'full',
    maxTokens: 256,
    gazetteer,
    grounder: await openGrounder(),
    judge,
    folder,
    signal,
    onProgress: (done, total, words) => counts.push(`${words?.pass ?? 'answers'} ${done}/${total}`),
  });
  const n = photos.length;
  expect(n).toBeGreaterThan(1);
  expect(counts).toEqual([...photos.map((_, i) => `answers ${i + 1}/${n}`), `judged ${n}/${n}`]);
});
