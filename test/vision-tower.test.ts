import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { openElementMaps } from '../src/miniature/adapters/element-labels.ts';
import { trainingInputs } from '../src/miniature/adapters/training-inputs.ts';
import { generateWorld } from '../src/miniature/generate.ts';
import { openWorld } from '../src/miniature/world.ts';
import { encoderConfig } from '../src/nano/config.ts';
import { openRun } from '../src/storage/run-folder.ts';
import { trainRecipeSchema } from '../src/training/recipe.ts';
import { loadTower } from '../src/training/vision-tower/tower-checkpoint.ts';
import { trainVisionTower } from '../src/training/vision-tower/train-vision-tower.ts';
import type { VisionRecipe } from '../src/training/vision-tower/vision-recipe.ts';

let folder: string;
let world: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-tower-'));
  world = join(folder, 'world');
  const signal = new AbortController().signal;
  await generateWorld({ out: world, scenes: 40, seed: 5, pixels: 48, gazetteer: openGazetteer(), signal });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function run(name: string, change: object = {}, stopAfter = Number.POSITIVE_INFINITY) {
  const recipe = trainRecipeSchema.parse({
    method: 'vision',
    model: { size: 'tiny' },
    data: { train: world, evaluation: world, evaluationImages: 4 },
    batchSize: 8,
    epochs: 1,
    evaluateEvery: 2,
    checkpointEvery: 1,
    ...change,
  }) as VisionRecipe;
  const controller = new AbortController();
  await using runFolder = await openRun({ root: join(folder, 'runs'), name, options: { recipe } });
  const losses: number[] = [];
  const result = await trainVisionTower({
    ...(await trainingInputs(recipe)),
    recipe,
    run: runFolder,
    signal: controller.signal,
    now: () => 0,
    onStep: (step, _, { metrics }) => {
      losses.push(Number(metrics['loss']));
      if (step + 1 === stopAfter) controller.abort(new Error('aborted'));
    },
  });
  return { ...result, losses };
}

const fileOf = (name: string, file: string): Promise<Buffer> => readFile(join(folder, 'runs', name, file));

describe('a map of elements', () => {
  it('gives each element its true share', async () => {
    const { scenes, ...opened } = await openWorld(world);
    const mapOf = await openElementMaps(opened);
    for (const { id, elements } of scenes.slice(0, 6)) {
      const { map, labels } = mapOf(id);
      for (const { label, share } of elements) {
        const own = map.filter((i) => labels[i] === label).length / map.length;
        // An anti-aliased pixel counts as the element that covers most of it.
        expect(Math.abs(own - share), `${id} ${label}`).toBeLessThan(0.02);
      }
    }
  });
});

describe('a vision tower', () => {
  it('resumes from a checkpoint to the same bytes as an uninterrupted run', async () => {
    await run('whole');
    await expect(run('stopped', {}, 2)).rejects.toThrow('aborted');
    expect(await run('stopped')).toMatchObject({ resumedAt: 2 });
    for (const file of ['metrics.jsonl', 'evaluations.jsonl', 'model/model.safetensors']) {
      expect(await fileOf('stopped', file), file).toEqual(await fileOf('whole', file));
    }
  });

  it('learns to classify patches', async () => {
    const { losses } = await run('learning', { epochs: 12, learningRate: 5e-3, evaluateEvery: 0 });
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
  });

  it('is rejected for another encoder, and if it is missing', async () => {
    const model = join(folder, 'runs', 'whole', 'model');
    await expect(loadTower(model, encoderConfig({ size: 'small' }))).rejects.toThrow(
      /The vision tower in .* is .*, but the model needs/,
    );
    await expect(loadTower(join(folder, 'nowhere'), encoderConfig({ size: 'tiny' }))).rejects.toThrow(/no readable/);
    const names = Object.keys(await loadTower(model, encoderConfig({ size: 'tiny' })));
    expect(names.every((name) => name.startsWith('vision.'))).toBe(true);
  });
});
