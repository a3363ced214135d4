import type * as Files from 'node:fs/promises';
import { copyFile, cp, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { curate } from '../src/curation/run/curate.ts';
import type { CurateOptions } from '../src/curation/run/curate.ts';
import { mergeShards } from '../src/curation/run/merge.ts';
import { readPhotos } from '../src/curation/observe/read-photos.ts';
import type { VisionModel } from '../src/vision/vision-model.ts';
import { testClock } from './support/clock.ts';
import { drawPhotos, idOf, openWorld } from './support/curation-world.ts';
import { folderBytes } from './support/folder-bytes.ts';

/** Path of a file whose reading fails, as on a damaged disk. */
let failing: string | undefined;
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof Files>();
  const open: typeof real.open = async (...args) => {
    if (failing === undefined || args[0] !== failing) return real.open(...args);
    throw Object.assign(new Error('EIO: i/o error, open'), { code: 'EIO' });
  };
  return { ...real, open };
});

const COUNT = 24;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-files-'));
  await drawPhotos(at('drawn'), COUNT);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const at = (...parts: string[]): string => join(folder, ...parts);

/** Copies the photos to a new folder. Each pair in `swapped` lists two photos whose pictures are swapped. */
async function photosIn(name: string, swapped: readonly (readonly [number, number])[] = []): Promise<string> {
  await cp(at('drawn'), at(name), { recursive: true, preserveTimestamps: true });
  for (const [a, b] of swapped) {
    await copyFile(at('drawn', idOf(a)), at(name, idOf(b)));
    await copyFile(at('drawn', idOf(b)), at(name, idOf(a)));
  }
  return at(name);
}

/**
 * Curates with instruments that recognise the drawn pictures by their pixels, and counts the requests to the annotator.
 */
async function run(name: string, input: string, more: Partial<CurateOptions> = {}) {
  const drawn = await openWorld(at('drawn'), { recipe: { mode: 'single' } });
  const photos = await readPhotos(input);
  const notices: string[] = [];
  let asked = 0;
  const careful = drawn.instruments.annotators.get('careful')!;
  const counting: VisionModel = {
    name: 'careful',
    generate: async (request) => {
      if (request.temperature === 0) asked += 1;
      return careful.generate(request);
    },
  };
  const curated = await curate({
    ...drawn.bench,
    recipe: drawn.recipe,
    root: at('runs'),
    name,
    input,
    photos,
    instruments: { ...drawn.instruments, annotators: new Map([['careful', counting]]) },
    signal: new AbortController().signal,
    clock: testClock(),
    onNotice: (text) => notices.push(text),
    ...more,
  });
  return { curated, asked, notices };
}

const datasetOf = async (name: string): Promise<Record<string, string>> => folderBytes(at('runs', name, 'dataset'));

describe('the observations of a photo', () => {
  it('do not apply to other pictures with the same names', async () => {
    await run('first', await photosIn('a'));
    const other = await photosIn(
      'b',
      Array.from({ length: COUNT / 2 }, (_, i) => [2 * i, 2 * i + 1] as const),
    );
    await expect(run('first', other)).rejects.toThrow(
      /All 24 photos of this run have changed .* The first is .*00000\.png/,
    );
    expect((await run('first', at('a'))).asked).toBe(0);
  });

  it('are repeated for a replaced file only', async () => {
    const input = await photosIn('c');
    await run('replaced', input);
    await photosIn('c', [[3, 8]]);
    const { asked, notices } = await run('replaced', input);
    expect(asked).toBe(2);
    expect(notices).toEqual([expect.stringMatching(/^2 files have changed .* The first is .*00003\.png\./)]);
    await run('as-new', input);
    expect(await datasetOf('replaced')).toEqual(await datasetOf('as-new'));
    // A further run asks nothing, because the new answers are recorded.
    expect((await run('replaced', input)).asked).toBe(0);
  });

  it('stay valid for a file that was only touched or copied', async () => {
    const input = await photosIn('d');
    await run('touched', input);
    for (let i = 0; i < COUNT; i++) await utimes(join(input, idOf(i)), 1e9, 1e9);
    expect(await run('touched', input)).toMatchObject({ asked: 0, notices: [] });
  });

  it('stay valid in runs without file hashes, unless the picture has changed', async () => {
    const input = await photosIn('e');
    await run('old', input);
    const log = at('runs/old/observations/00000.jsonl');
    const withoutFiles = (await readFile(log, 'utf8'))
      .replaceAll(/,"sha256":"[0-9a-f]+"/g, '')
      .replaceAll(/,"file":\{[^}]+\}/g, '');
    await writeFile(log, withoutFiles);
    expect((await run('old', input)).asked).toBe(0);
    await writeFile(log, withoutFiles);
    await photosIn('e', [[4, 5]]);
    expect((await run('old', input)).asked).toBe(2);
  });

  it('are repeated after a correction of the place that they depend on: a pass rate', async () => {
    const solvable = { recipe: { mode: 'single', gates: { solvable: { model: 's', samples: 2 } } } };
    const { bench, recipe, photos, instruments } = await openWorld(at('drawn'), solvable);
    const asked: string[] = [];
    const passRate: NonNullable<typeof instruments.passRate> = async ({ id }) => {
      asked.push(id);
      return Promise.resolve({ right: 1, samples: 2, usage: { promptTokens: 0, completionTokens: 0 } });
    };
    const solve = async (of: CurateOptions['photos']): Promise<string[]> => {
      asked.length = 0;
      const place = { root: at('runs'), name: 'solvable', input: at('drawn') };
      const { signal } = new AbortController();
      await curate({ ...bench, ...place, recipe, photos: of, instruments: { ...instruments, passRate }, signal });
      return [...asked];
    };
    const [first] = await solve(photos);
    expect(await solve(photos)).toEqual([]);
    const moved = photos.map((photo) => {
      const { latitudeDegrees, longitudeDegrees } = photo.coordinate;
      const near = { latitudeDegrees: latitudeDegrees + 0.001, longitudeDegrees };
      return photo.id === first ? { ...photo, coordinate: near } : photo;
    });
    expect(await solve(moved)).toEqual([first]);
  });

  it('must come from the merged pictures', async () => {
    const input = await photosIn('f');
    const shards = [1, 2].map((index) => ({ shard: { index, count: 2 } }));
    for (const [i, shard] of shards.entries()) await run(`shard-${i}`, input, shard);
    const other = await photosIn('g', [[7, 9]]);
    const { bench } = await openWorld(at('drawn'));
    const photos = await readPhotos(other);
    const merging = mergeShards({
      ...bench,
      root: at('runs'),
      name: 'merged',
      photos,
      input: other,
      shards: shards.map((_, i) => at('runs', `shard-${i}`)),
      signal: new AbortController().signal,
    });
    await expect(merging).rejects.toThrow(/0000[79]\.png has changed since the photo/);
  });
});

describe('a file that cannot be read', () => {
  it('is judged once it is repaired', async () => {
    const input = await photosIn('h');
    const broken = join(input, idOf(0));
    const whole = await readFile(broken);
    await writeFile(broken, whole.subarray(0, 200));
    const { curated } = await run('repaired', input);
    expect(curated.assembled!.funnel.stages[0]).toMatchObject({ stage: 'image', dropped: 1 });
    expect((await run('repaired', input)).asked).toBe(0);
    await writeFile(broken, whole);
    const { curated: after, asked } = await run('repaired', input);
    expect(asked).toBe(1);
    expect(after.assembled!.funnel.stages[0]).toMatchObject({ stage: 'image', dropped: 0 });
    await run('undamaged', input);
    expect(await datasetOf('repaired')).toEqual(await datasetOf('undamaged'));
  });

  it('stays pending after a disk error, and is judged once the disk works again', async () => {
    const input = await photosIn('i');
    failing = join(input, idOf(5));
    await expect(run('disk', input)).rejects.toThrow(
      '1 of 24 photos could not be judged. The first is 00005.png (image)',
    );
    failing = undefined;
    const { curated } = await run('disk', input);
    expect(curated.pending).toEqual([]);
    expect(curated.assembled!.funnel.stages[0]).toMatchObject({ stage: 'image', reached: COUNT, dropped: 0 });
  });
});
