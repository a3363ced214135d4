import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GlobeError } from '../src/core/errors.ts';
import { curate } from '../src/curation/run/curate.ts';
import type { CurateOptions } from '../src/curation/run/curate.ts';
import { mergeShards } from '../src/curation/run/merge.ts';
import { scriptedModel } from '../src/vision/scripted-model.ts';
import type { VisionModel } from '../src/vision/vision-model.ts';
import { testClock } from './support/clock.ts';
import { folderBytes } from './support/folder-bytes.ts';
import { drawPhotos, FAULTS, openWorld } from './support/curation-world.ts';
import type { WorldOptions } from './support/curation-world.ts';

const COUNT = 60;
const NO_ANSWER = { code: 'timeout', message: 'no answer in time', retryable: true } as const;
let folder: string;
let input: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-curate-'));
  input = join(folder, 'photos');
  await drawPhotos(input, COUNT);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function run(name: string, world: WorldOptions = {}, more: Partial<CurateOptions> = {}) {
  const { photos, recipe, instruments, bench, oracle } = await openWorld(input, world);
  return curate({
    ...bench,
    recipe,
    root: join(folder, 'runs'),
    name,
    input,
    photos,
    instruments,
    oracle,
    signal: new AbortController().signal,
    ...more,
  });
}

const datasetOf = async (name: string): Promise<Record<string, string>> =>
  folderBytes(join(folder, 'runs', name, 'dataset'));

const counted = (model: VisionModel, onRequest: () => void): VisionModel => ({
  name: model.name,
  generate: async (request) => {
    onRequest();
    return model.generate(request);
  },
});

const numbers = Array.from({ length: COUNT }, (_, i) => i);

describe('a curation run', () => {
  it('keeps photos that pass every gate in full mode, and counts the reasons for dropping the others', async () => {
    const { assembled } = await run('full', { recipe: { order: 'paper' } });
    const { funnel, quality } = assembled!;
    const dropped = Object.fromEntries(funnel.stages.map((stage) => [stage.stage, stage]));
    const count = (test: (i: number) => boolean): number => numbers.filter(test).length;
    const { notLocalizable, gpsUnsure, carefulWrong, hastyWrong } = FAULTS;
    const localizable = (i: number): boolean => !notLocalizable(i) && !gpsUnsure(i);
    expect(dropped['annotation']).toMatchObject({ reached: COUNT, dropped: 0 });
    expect(dropped['localizability']?.causes).toEqual([
      { cause: 'a model calls it not localizable', count: count(notLocalizable) },
      { cause: 'the GPS annotator is not confident', count: count((i) => gpsUnsure(i) && !notLocalizable(i)) },
    ]);
    expect(dropped['correctness']?.causes).toEqual([
      { cause: 'wrong country', count: count((i) => localizable(i) && carefulWrong(i) && hastyWrong(i)) },
    ]);
    expect(dropped['cross-model']?.causes[0]).toEqual({
      cause: 'the models place it apart',
      count: count((i) => localizable(i) && carefulWrong(i) !== hastyWrong(i)),
    });
    expect(funnel.train + funnel.stages.reduce((sum, stage) => sum + stage.dropped, 0)).toBe(COUNT);
    expect(quality?.error).toMatchObject({ hits: 0 });
    const localizability = quality?.gates.find(({ gate }) => gate === 'localizability');
    expect(localizability?.recall?.value).toBe(1);
    expect(localizability?.precision).toMatchObject({ hits: count(notLocalizable) });
  });

  it('keeps every annotation in random mode, including wrong ones', async () => {
    const { assembled } = await run('random', { recipe: { mode: 'random' } });
    expect(assembled?.funnel.train).toBe(COUNT);
    expect(assembled?.quality?.error?.value).toBeGreaterThan(0.2);
    expect(assembled?.funnel.stages.map(({ stage }) => stage)).not.toContain('correctness');
  });

  it('uses only the first annotator in single mode, and checks its place', async () => {
    const hasty = scriptedModel([], { name: 'hasty' });
    const { assembled } = await run('single', { recipe: { mode: 'single' }, models: { hasty } });
    expect(assembled?.quality?.wrongPlace?.hits).toBe(0);
    expect(assembled?.quality?.hallucination?.hits).toBeGreaterThan(0);
  });

  it('builds the same dataset, byte for byte, as two merged shards', async () => {
    await run('whole');
    await run('one', {}, { shard: { index: 1, count: 2 } });
    await run('two', {}, { shard: { index: 2, count: 2 } });
    const { photos, bench, oracle } = await openWorld(input);
    const merge = async (shards: string[]) =>
      mergeShards({
        ...bench,
        root: join(folder, 'runs'),
        name: 'merged',
        photos,
        input,
        oracle,
        shards: shards.map((name) => join(folder, 'runs', name)),
        signal: new AbortController().signal,
      });
    await expect(merge(['one'])).rejects.toThrow('Missing shards: 2/2');
    await expect(merge(['two', 'one', 'two'])).rejects.toThrow('both shard 2/2');
    await merge(['two', 'one']);
    expect(await datasetOf('merged')).toEqual(await datasetOf('whole'));
  });

  it('asks fewer questions in the order by price, and keeps the same photos as the order of the paper', async () => {
    const { photos } = await openWorld(input);
    // Every fifth photo is a copy of the one before it.
    const copied = photos.map((photo, i) => (i % 5 === 4 ? { ...photo, path: photos[i - 1]!.path } : photo));
    const asked = { price: 0, paper: 0 };
    const dedupe = { maxDistance: 4, maxDistanceSameOwner: 4 };
    for (const order of ['price', 'paper'] as const) {
      const hasty = counted((await openWorld(input)).instruments.annotators.get('hasty')!, () => asked[order]++);
      const { assembled } = await run(order, { recipe: { order, dedupe }, models: { hasty } }, { photos: copied });
      expect(assembled!.funnel.train).toBeGreaterThan(0);
    }
    const idsOf = async (name: string) =>
      (await readFile(join(folder, 'runs', name, 'fates.jsonl'), 'utf8'))
        .split('\n')
        .filter((line) => line.includes('"train"'));
    expect(await idsOf('price')).toEqual(await idsOf('paper'));
    const [price, paper] = [await datasetOf('price'), await datasetOf('paper')];
    expect(Object.keys(price)).toEqual(Object.keys(paper));
    const parquet = 'data/train-00000-of-00001.parquet';
    expect(price[parquet]).toBe(paper[parquet]);
    expect(asked.paper).toBe(COUNT);
    expect(asked.price).toBeLessThan((2 / 3) * COUNT);
  });

  it('judges again with other thresholds without repeating requests', async () => {
    await run('thresholds');
    const silent = scriptedModel([], { name: 'silent' });
    const stricter = { gates: { localizability: { minGpsConfidence: 0.95 }, grounding: { minGroundedShare: 0.6 } } };
    const { assembled } = await run('thresholds', { recipe: stricter, models: { careful: silent, hasty: silent } });
    expect(assembled?.funnel.train).toBe(0);
  });

  it('leaves photos pending when a service fails, drops none of them, and resumes', async () => {
    let broken = true;
    const { instruments } = await openWorld(input);
    const works = instruments.annotators.get('hasty')!;
    const hasty: VisionModel = {
      name: 'hasty',
      generate: async (request) => {
        if (broken && request.image!.bytes.length % 3 === 0) throw new GlobeError(NO_ANSWER);
        return works.generate(request);
      },
    };
    const failed = run('resumed', { models: { hasty } }, { clock: testClock() });
    await expect(failed).rejects.toThrow(/\d+ of 60 photos could not be judged/);
    expect(JSON.parse(await readFile(join(folder, 'runs/resumed/pending.json'), 'utf8'))).not.toHaveLength(0);
    broken = false;
    const { pending } = await run('resumed', { models: { hasty } });
    expect(pending).toEqual([]);
    expect(await datasetOf('resumed')).toEqual(await datasetOf('whole'));
  });

  it('waits longer and longer for a service that is down, then ends the run', async () => {
    let nowMs = 0;
    const slept: number[] = [];
    const clock = {
      ...testClock(),
      now: () => nowMs,
      sleep: async (ms: number) => {
        slept.push(ms);
        nowMs += ms;
        return Promise.resolve();
      },
    };
    const hasty = { name: 'hasty', generate: async () => Promise.reject(new GlobeError(NO_ANSWER)) };
    const recipe = { maxOutageMinutes: 2 };
    await expect(run('outage', { models: { hasty }, recipe }, { clock })).rejects.toThrow(
      /annotation:hasty failed \d+ times in a row for 2 minutes: no answer in time/,
    );
    expect(slept.slice(0, 2)).toEqual([60_000, 120_000]);
  });

  it('drops a damaged image, and leaves a missing one pending', async () => {
    await writeFile(join(folder, 'damaged.png'), 'no image');
    const { photos } = await openWorld(input);
    const paths = new Map([
      [photos[3]!.id, join(folder, 'damaged.png')],
      [photos[4]!.id, join(folder, 'nowhere.png')],
    ]);
    const changed = { photos: photos.map((photo) => ({ ...photo, path: paths.get(photo.id) ?? photo.path })) };
    const world = { recipe: { mode: 'single' } };
    await expect(run('files', world, changed)).rejects.toThrow('1 of 60 photos could not be judged');
    const { assembled, pending } = await run('files', world, { ...changed, acceptPending: true });
    expect(pending).toMatchObject([{ id: photos[4]!.id, question: 'image' }]);
    expect(assembled?.funnel).toMatchObject({ photos: 60, pending: 1 });
    expect(assembled?.funnel.stages[0]).toMatchObject({ stage: 'image', reached: 59, dropped: 1 });
  });

  it('refuses to resume a run with other options', async () => {
    await run('other-options', { recipe: { mode: 'single' } });
    await expect(run('other-options', { recipe: { mode: 'random' } })).rejects.toThrow(
      'mode was "single", is now "random"',
    );
  });

  it('stops when the cost limit is reached', async () => {
    const price = { promptPerMillionTokens: 1e6, completionPerMillionTokens: 0, currency: 'EUR' };
    const annotators = [
      { model: 'careful', price },
      { model: 'hasty', price: { ...price, promptPerMillionTokens: 0 } },
    ];
    await expect(run('costly', { recipe: { annotators, maxCost: 3000 } })).rejects.toThrow('has reached maxCost');
  });
});
