import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tinyCheckpoint } from '../../test/support/tiny-nano.ts';
import { coordinate } from '../core/coordinate.ts';
import { float32, readSafetensors, writeSafetensors } from '../tensor/index.ts';
import { loadRewardModel, saveRewardModel } from './reward-model/checkpoint.ts';
import { loadTower, saveTower } from './vision-tower/tower-checkpoint.ts';
import { loadCheckpoint, loadTrainingState, saveCheckpoint } from '../nano/checkpoint.ts';
import { readTensors, writeCheckpointFiles } from '../nano/checkpoint-files.ts';
import { encoderConfig } from '../nano/config.ts';
import { geocellClassifier } from '../nano/heads/geocell-classifier.ts';
import { makeGeocells } from '../nano/heads/geocells.ts';
import { imageRetriever } from '../nano/heads/image-retriever.ts';
import { loadPositionModel, savePositionModel } from '../nano/heads/position-checkpoint.ts';
import { PositionModel } from '../nano/heads/position-model.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

const encoder = encoderConfig({ size: 'tiny', backbone: 'mixer' });
const positions = [coordinate(50.08, 14.43), coordinate(-0.1, 36.82), coordinate(64.15, -21.94)];
const geocells = makeGeocells(positions, { minPhotos: 1, maxPhotos: 1, smallestKm: 1 });
const state = { step: 3, arrays: { 'first.a': float32([2], Float32Array.of(1, 2)) } };
const weights = { 'vision.a': float32([2], Float32Array.of(1, 2)), b: float32([1], Float32Array.of(3)) };

async function savePosition(head: ReturnType<typeof geocellClassifier> | ReturnType<typeof imageRetriever>) {
  await using model = new PositionModel({ head, seed: 3, threads: 1 });
  await savePositionModel(folder, model, { state });
}

/** For each kind of model: how to save it, how to load it, and the files that loading reads. */
const kinds: { name: string; save: () => Promise<void>; load: () => Promise<unknown>; files: string[] }[] = [
  {
    name: 'language model',
    save: () => saveCheckpoint(folder, tinyCheckpoint(), { state }),
    load: async () => [await loadCheckpoint(folder), await loadTrainingState(folder)],
    files: [
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'training_state.safetensors',
    ],
  },
  {
    name: 'geocell classifier',
    save: () => savePosition(geocellClassifier({ encoder, geocells })),
    load: async () => [await loadPositionModel(folder, { threads: 1 }), await loadTrainingState(folder)],
    files: ['cells.json', 'config.json', 'model.safetensors', 'training_state.safetensors'],
  },
  {
    name: 'image retriever',
    save: () => savePosition(imageRetriever({ encoder, gallery: positions, width: 24 })),
    load: async () => [await loadPositionModel(folder, { threads: 1 }), await loadTrainingState(folder)],
    files: ['config.json', 'gallery.csv', 'model.safetensors', 'training_state.safetensors'],
  },
  {
    name: 'reward model',
    save: () =>
      saveRewardModel(
        folder,
        {
          config: { ...encoder, width: 8, vocabulary: ['tram'] },
          calibration: { slope: 1, intercept: 0 },
          parameters: weights,
        },
        { card: 'card' },
      ),
    load: () => loadRewardModel(folder),
    files: ['config.json', 'model.safetensors', 'vocabulary.json'],
  },
  {
    name: 'vision tower',
    save: () => saveTower(folder, { encoder, parameters: weights }, { description: 'tower', state }),
    load: async () => [await loadTower(folder, encoder), await loadTrainingState(folder)],
    files: ['config.json', 'model.safetensors', 'training_state.safetensors'],
  },
];

describe.each(kinds)('a $name', ({ save, load, files }) => {
  it('is refused if one bit of a file has changed, and the error names the file', async () => {
    await save();
    for (const name of files) {
      const path = join(folder, name);
      const bytes = await readFile(path);
      const flipped = Buffer.from(bytes);
      flipped[flipped.length - 3]! ^= 1;
      await writeFile(path, flipped);
      await expect(load(), name).rejects.toMatchObject({
        code: 'invalid-input',
        message: `${path} has changed since it was written: its digest does not match.`,
      });
      await writeFile(path, bytes);
    }
    await expect(load()).resolves.toBeDefined();
  });

  it('is read unchecked without digests, as older versions wrote it', async () => {
    await save();
    await rm(join(folder, 'digests.json'));
    await expect(load()).resolves.toBeDefined();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'is refused with a weight of %d, whose tensor the error names',
    async (value) => {
      await save();
      await rm(join(folder, 'digests.json'));
      for (const name of files.filter((file) => file.endsWith('.safetensors'))) {
        const path = join(folder, name);
        const bytes = await readFile(path);
        const { arrays, metadata } = readSafetensors(bytes);
        const [tensor, array] = Object.entries(arrays).at(-1)!;
        const data = Float32Array.from(array.data);
        data[data.length - 1] = value;
        await writeFile(path, writeSafetensors({ ...arrays, [tensor]: float32(array.shape, data) }, metadata));
        await expect(load(), name).rejects.toMatchObject({
          code: 'invalid-input',
          message: expect.stringContaining(
            `${path}: the tensor "${tensor}" has the value ${value} at index ${data.length - 1}`,
          ) as unknown,
        });
        await writeFile(path, bytes);
      }
    },
  );
});

it('refuses digests of a newer version, and says what to do', async () => {
  await writeCheckpointFiles(folder, [{ name: 'config.json', content: '{}' }]);
  await writeFile(join(folder, 'digests.json'), '{"format":2,"files":{}}');
  await expect(loadCheckpoint(folder)).rejects.toThrow('newer version of GLOBE: upgrade');
});

it('leaves no digests of other files when it is interrupted', async () => {
  await writeCheckpointFiles(folder, [{ name: 'a', content: 'old' }]);
  const files = [
    { name: 'a', content: 'new' },
    { name: 'no/folder', content: 'x' },
  ];
  await expect(writeCheckpointFiles(folder, files)).rejects.toThrow('ENOENT');
  expect(await readdir(folder)).toEqual(['a']);
});

it('names the file that is not safetensors', () => {
  expect(() => readTensors(Buffer.from('x'), 'a/model.safetensors')).toThrow('a/model.safetensors: Not a safetensors');
});
