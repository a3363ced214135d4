import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBenchmark } from './benchmark-images.ts';
import { BENCHMARKS, findBenchmark, requireBenchmark } from './benchmarks.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-benchmark-'));
  await mkdir(join(folder, 'images/part'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function read(truth: string, files: readonly string[], name = 'im2gps3k') {
  const truthFile = join(folder, 'truth.csv');
  await writeFile(truthFile, truth);
  for (const file of files) await writeFile(join(folder, 'images', file), '');
  return readBenchmark({ name, truthFile, folder: join(folder, 'images') });
}

describe('readBenchmark', () => {
  it('finds images by path, by name below and by name without extension, in the order of the truth', async () => {
    const truth = 'IMG_ID,AUTHOR,LAT,LON,S3_Label\nb.jpg,o,1,2,0\npart/a.jpg,o,1,2,2\nc,o,1,2,1\nnone.jpg,o,1,2,1\n';
    const { images, benchmark } = await read(truth, ['part/a.jpg', 'part/b.jpg', 'c.png', 'c.txt']);
    expect(images.map(({ path }) => path?.slice(join(folder, 'images/').length))).toEqual([
      'part/b.jpg',
      'part/a.jpg',
      'c.png',
      undefined,
    ]);
    expect(images[0]).toMatchObject({ scene: 'indoor', author: 'o' });
    expect(benchmark?.n).toBe(2997);
  });

  it('leaves rows without a position out, and counts them', async () => {
    expect(await read('id,lat,lon\na.jpg,,\nb.jpg,0,0\nc.jpg,1,2\n', [], 'mine.csv')).toMatchObject({
      name: 'mine.csv',
      noTruth: 2,
      images: [{ id: 'c.jpg' }],
    });
  });

  it('refuses an id that matches two files', async () => {
    await mkdir(join(folder, 'images/other'));
    await expect(read('id,lat,lon\na.jpg,1,2\n', ['part/a.jpg', 'other/a.jpg'])).rejects.toThrow(
      'The image id "a.jpg" matches several files',
    );
  });

  it.each([
    ['id,lat,lon\na,1,2\na,3,4\n', 'the id "a" occurs twice'],
    ['name,x\na,1\n', 'is not recognised as a benchmark'],
    ['id,lat,lon\na,,\n', 'has no row with a position'],
  ])('refuses the truth %j', async (truth, message) => {
    await expect(read(truth, [])).rejects.toThrow(message);
  });
});

describe('the benchmarks', () => {
  it('have distinct names that are found in any spelling', () => {
    expect(new Set(BENCHMARKS.map(({ name }) => name)).size).toBe(BENCHMARKS.length);
    for (const benchmark of BENCHMARKS) expect(findBenchmark(benchmark.title)).toBe(benchmark);
  });

  it('are listed for an unknown name', () => {
    expect(() => requireBenchmark('moon')).toThrow('Unknown benchmark: "moon".');
  });
});
