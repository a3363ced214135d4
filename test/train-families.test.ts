import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCoordinate } from '../src/core/coordinate.ts';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { prepareImage } from '../src/image/prepare-image.ts';
import { openPositionLocator } from '../src/locator/position-locator.ts';
import { trainingInputs } from '../src/miniature/adapters/training-inputs.ts';
import { generateWorld } from '../src/miniature/generate.ts';
import { loadPositionModel } from '../src/nano/heads/position-checkpoint.ts';
import { saveCheckpoint } from '../src/nano/checkpoint.ts';
import { openRun } from '../src/storage/run-folder.ts';
import type { FamilyRecipe } from '../src/training/families/family-recipe.ts';
import { locatePhotos } from '../src/training/families/locate-photos.ts';
import { trainFamily } from '../src/training/families/train-family.ts';
import { trainRecipeSchema } from '../src/training/recipe.ts';
import { saveTower } from '../src/training/vision-tower/tower-checkpoint.ts';
import { runGlobeHere } from './support/run-globe.ts';
import { tinyCheckpoint } from './support/tiny-nano.ts';

// These tests train a model of each family for a few steps on thirty photos. They check that it trains, resumes
// exactly, and answers. The accuracies are in results/.

let folder: string;
let photos: readonly string[];

const recipeOf = (method: 'geocell' | 'retriever', more: object = {}): FamilyRecipe => {
  const world = join(folder, 'world');
  const recipe = trainRecipeSchema.parse({
    method,
    model: { size: 'tiny' },
    data: { train: world, evaluation: world, evaluationImages: 3 },
    batchSize: 8,
    epochs: 1.5,
    learningRate: 5e-3,
    evaluateEvery: 2,
    checkpointEvery: 2,
    ...(method === 'geocell' && { cells: { minPhotos: 2, maxPhotos: 6, smallestKm: 25 } }),
    ...more,
  });
  return recipe as FamilyRecipe;
};

/** Trains by a recipe, and aborts after `stopAfter` steps. */
async function run(recipe: FamilyRecipe, name: string, stopAfter = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  await using runFolder = await openRun({ root: join(folder, 'runs'), name, options: { recipe } });
  return trainFamily({
    ...(await trainingInputs(recipe)),
    recipe,
    run: runFolder,
    gazetteer: openGazetteer(),
    signal: controller.signal,
    now: () => 0,
    threads: 1,
    onStep: (step) => {
      if (step + 1 >= stopAfter) controller.abort();
    },
  });
}

const fileOf = (name: string, file: string): Promise<Buffer> => readFile(join(folder, 'runs', name, file));
const modelOf = (name: string): string => join(folder, 'runs', name, 'model');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-families-'));
  const out = join(folder, 'world');
  const { signal } = new AbortController();
  await generateWorld({ scenes: 30, seed: 5, out, gazetteer: openGazetteer(), signal });
  photos = ['m000000.png', 'm000001.png', 'm000002.png'].map((id) => join(out, 'images', id));
  await run(recipeOf('geocell'), 'geocell');
  await run(recipeOf('retriever'), 'retriever');
});
afterAll(async () => rm(folder, { recursive: true }));

describe.each(['geocell', 'retriever'] as const)('the family %s', (method) => {
  it('writes a record per step, and evaluates held-out photos', async () => {
    const lines = (await fileOf(method, 'metrics.jsonl')).toString().trim().split('\n');
    const metrics = lines.map((line) => JSON.parse(line) as { loss: number; photos: number });
    for (const { loss, photos: shown } of metrics) expect([Number.isFinite(loss), shown]).toEqual([true, 8]);
    const evaluations = (await fileOf(method, 'evaluations.jsonl')).toString().trim().split('\n');
    expect(JSON.parse(evaluations.at(-1)!)).toMatchObject({ step: metrics.length, n: 3, answered: 3, failed: 0 });
  });

  it('resumes to the same bytes as an uninterrupted run', async () => {
    // The run is aborted between two checkpoints, so that one step must be repeated.
    const name = `${method}-resumed`;
    await expect(run(recipeOf(method), name, 3)).rejects.toThrow('aborted');
    expect(await run(recipeOf(method), name)).toMatchObject({ resumedAt: 2 });
    for (const file of ['metrics.jsonl', 'evaluations.jsonl', 'model/model.safetensors', 'model/config.json']) {
      expect(await fileOf(name, file), file).toEqual(await fileOf(method, file));
    }
  });

  it('gives the same answers for a batch as for single photos', async () => {
    const images = await Promise.all(photos.map((path) => prepareImage(path)));
    const { signal } = new AbortController();
    const together = await locatePhotos(images, { folder: modelOf(method), threads: 1, signal });
    await using locator = await openPositionLocator({ folder: modelOf(method), threads: 1 });
    for (const [i, image] of images.entries()) {
      const alone = await locator.locate(image, { signal });
      expect(alone).toMatchObject({ kind: 'located', coordinate: together[i]!.coordinate, granularity: 'coordinate' });
      expect(alone.confidence).toBeCloseTo(together[i]!.confidence, 5);
    }
  });

  it('works with globe locate', async () => {
    const { exitCode, stdout, stderr } = await runGlobeHere(
      ['locate', photos[0]!, '--model', `nano:${modelOf(method)}`, '--json', '--quiet'],
      { cwd: folder },
    );
    expect(exitCode, stderr).toBe(0);
    const { protocol, results } = JSON.parse(stdout) as {
      protocol: object;
      results: { coordinate: { latitudeDegrees: number; longitudeDegrees: number } }[];
    };
    expect(protocol).not.toHaveProperty('prompt');
    const { coordinate } = results[0]!;
    expect(isCoordinate(coordinate.latitudeDegrees, coordinate.longitudeDegrees)).toBe(true);
  });

  it('works with globe evaluate', async () => {
    const benchmark = ['--benchmark', 'world/test.csv', '--images', 'world/images', '--run', `${method}-evaluated`];
    const { exitCode, stdout, stderr } = await runGlobeHere(
      ['evaluate', ...benchmark, '--model', `nano:${modelOf(method)}`, '--json', '--quiet'],
      { cwd: folder },
    );
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ failed: 0 });
  });
});

describe('a pretrained encoder', () => {
  it.each(['checkpoint', 'tower'] as const)('from a %s stays unchanged if the recipe freezes it', async (kind) => {
    const checkpoint = tinyCheckpoint({ seed: 9 });
    const { config: encoder, parameters } = checkpoint;
    const path = join(folder, kind);
    const ofVision = (all: object) => Object.entries(all).filter(([name]) => name.startsWith('vision.'));
    const own = Object.fromEntries(ofVision(parameters)) as typeof parameters;
    if (kind === 'checkpoint') await saveCheckpoint(path, checkpoint);
    else await saveTower(path, { encoder, parameters: own }, { description: 'Made by a test.' });
    const model = kind === 'checkpoint' ? { checkpoint: path } : { size: 'tiny', tower: path };
    await run(recipeOf('retriever', { model, freezeVision: true, epochs: 0.3 }), `from-${kind}`);
    await using trained = await loadPositionModel(modelOf(`from-${kind}`), { threads: 1 });
    expect(Object.fromEntries(ofVision(trained.parameters()))).toEqual(own);
  });

  it('is required for a frozen encoder', async () => {
    await expect(run(recipeOf('geocell', { freezeVision: true }), 'frozen')).rejects.toThrow(
      'A new encoder is untrained and cannot be frozen',
    );
  });
});

describe('a model that gives positions instead of text', () => {
  it('rejects options that only apply to text', async () => {
    const model = `nano:${modelOf('geocell')}`;
    const { exitCode, stderr } = await runGlobeHere(['locate', photos[0]!, '--model', model, '--samples', '3'], {
      cwd: folder,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--samples 3 does not apply to ${model}: a geocell classifier`);
  });

  it('cannot serve as an annotator or judge', async () => {
    const model = `nano:${modelOf('retriever')}`;
    await writeFile(
      join(folder, 'grpo.yaml'),
      `method: grpo\nmodel: { checkpoint: x }\ndata: { train: y }\nreward: { judge: "${model}" }\n`,
    );
    const { exitCode, stderr } = await runGlobeHere(['train', '--recipe', 'grpo.yaml', '--run', 'x'], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('gives positions, not text');
  });
});
