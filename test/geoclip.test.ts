/**
 * Compares GeoCLIP with the PyPI package `geoclip` 1.3. The fixture was computed by the package's own classes and
 * forward passes, with layers of a dozen units and random weights (scripts/build/fixtures/geoclip_reference.py). The
 * published weights and a full-size CLIP tower are checked by scripts/check/geoclip.ts instead.
 */
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coordinate } from '../src/core/coordinate.ts';
import type { PreparedImage } from '../src/image/prepared-image.ts';
import { clipPixels, openClipTower } from '../src/locator/geoclip/clip-tower.ts';
import { compileEncoders } from '../src/locator/geoclip/encoders.ts';
import { equalEarth } from '../src/locator/geoclip/equal-earth.ts';
import { openGallerySearch } from '../src/locator/geoclip/gallery-search.ts';
import { openGeoClip } from '../src/locator/geoclip/geoclip-locator.ts';
import { readWeights } from '../src/locator/geoclip/weights.ts';
import { readSafetensors } from '../src/tensor/index.ts';

const fixtures = fileURLToPath(new URL('../src/locator/geoclip/fixtures/', import.meta.url));
const { arrays } = readSafetensors(await readFile(join(fixtures, 'reference.safetensors')));
const reference = (name: string) => arrays[name]!.data as Float32Array;
const positions = Array.from({ length: reference('positions').length / 2 }, (_, i) =>
  coordinate(reference('positions')[2 * i]!, reference('positions')[2 * i + 1]!),
);
const { signal } = new AbortController();
/** The fixture's image. It is not re-encoded, so that its pixels equal the reference's pixels. */
const image: PreparedImage = {
  bytes: await readFile(join(fixtures, 'drawing.png')),
  mediaType: 'image/png',
  widthPixels: 97,
  heightPixels: 61,
  sha256: 'drawing',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-geoclip-'));
});
afterAll(async () => rm(folder, { recursive: true }));

function maxDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe('agreement with the reference', () => {
  it('projects positions exactly, except for the last bit', () => {
    expect(maxDifference(equalEarth(positions), reference('projected'))).toBeLessThan(1.2e-7);
  });

  it('embeds positions', async () => {
    await using encoders = await compileEncoders(await readWeights(fixtures), { normalize: false });
    // The tolerance allows for the rounding of positions to float32. Phases reach 3 × 256 turns, so half a rounding
    // step shifts a phase by 3e-4.
    expect(maxDifference(await encoders.locations(positions), reference('locations'))).toBeLessThan(1e-4);
  });

  it('prepares pixels', async () => {
    await using tower = await openClipTower(join(fixtures, 'clip'));
    const pixels = await tower.pixels(image);
    expect(maxDifference(pixels, reference('pixels'))).toBeLessThan(1e-6);
  });

  it('embeds images', async () => {
    await using tower = await openClipTower(join(fixtures, 'clip'));
    await using encoders = await compileEncoders(await readWeights(fixtures), { normalize: false });
    const features = await tower.features(image);
    expect(maxDifference(features, reference('features'))).toBeLessThan(1e-5);
    expect(maxDifference(await encoders.images(features), reference('images'))).toBeLessThan(1e-5);
  });

  it('ranks the gallery with the same confidences', async () => {
    await using geoclip = await openGeoClip({ folder: fixtures, cacheFolder: folder });
    const ranked = await geoclip.rank(image, { signal });
    const rows = (await readFile(join(fixtures, 'coordinates_100K.csv'), 'utf8')).trim().split('\n').slice(1);
    const expected = [...(arrays['top_indices']!.data as Int32Array)].map((index) =>
      rows[index]!.split(',').map(Number),
    );
    expect(
      ranked.map(({ coordinate: { latitudeDegrees, longitudeDegrees } }) => [latitudeDegrees, longitudeDegrees]),
    ).toEqual(expected);
    for (const [i, { confidence }] of ranked.entries()) {
      expect(confidence).toBeCloseTo(reference('top_probabilities')[i]!, 4);
    }
  });
});

describe('the locator', () => {
  it('gives the best position, its confidence and its place', async () => {
    const gazetteer = { reverse: () => ({ country: 'Testland' }) };
    await using geoclip = await openGeoClip({ folder: fixtures, cacheFolder: folder, gazetteer });
    const location = await geoclip.locate(image, { signal });
    expect(location).toMatchObject({ kind: 'located', granularity: 'coordinate', place: { country: 'Testland' } });
    expect(location.confidence).toBeCloseTo(reference('top_probabilities')[0]!, 4);
  });

  it('embeds the gallery once, and again for other weights or another gallery', async () => {
    const model = await mkdtemp(join(tmpdir(), 'globe-geoclip-model-'));
    try {
      await cp(fixtures, model, { recursive: true });
      const calls: number[] = [];
      const open = async () => {
        await using geoclip = await openGeoClip({ folder: model, onProgress: (done) => calls.push(done) });
        return geoclip.name;
      };
      await open();
      await open();
      expect(calls).toEqual([400]);
      await writeFile(join(model, 'coordinates_100K.csv'), 'LAT,LON\n1,2\n3,4\n');
      await open();
      expect(calls).toEqual([400, 2]);
      expect((await readdir(model)).filter((name) => name.startsWith('gallery-'))).toHaveLength(2);
    } finally {
      await rm(model, { recursive: true });
    }
  });

  it.each([
    ['config.json', 'config.json cannot be read'],
    ['model.safetensors', 'model.safetensors cannot be read'],
    ['coordinates_100K.csv', 'coordinates_100K.csv cannot be read'],
    ['clip/onnx/vision_model.onnx', "CLIP's image tower is missing"],
    ['clip/preprocessor_config.json', 'preprocessor_config.json cannot be read'],
  ])('names the missing file and how to make it: %s', async (file, message) => {
    const model = await mkdtemp(join(tmpdir(), 'globe-geoclip-model-'));
    try {
      await cp(fixtures, model, { recursive: true });
      await rm(join(model, file));
      const failure = openGeoClip({ folder: model, cacheFolder: folder });
      await expect(failure).rejects.toThrow(message);
      await expect(failure).rejects.toMatchObject({ code: 'not-found', hint: /convert\.py/ });
    } finally {
      await rm(model, { recursive: true });
    }
  });

  it('stops when the signal aborts', async () => {
    await using geoclip = await openGeoClip({ folder: fixtures, cacheFolder: folder });
    await expect(geoclip.locate(image, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});

describe('the search', () => {
  const dimensions = 16;
  const unit = (values: readonly number[]): number[] => {
    const length = Math.hypot(...values) || 1;
    return values.map((value) => value / length);
  };
  const vector = fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: dimensions, maxLength: dimensions })
    .filter((values) => Math.hypot(...values) > 0.01)
    .map(unit);

  it('finds the results of exact arithmetic', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(vector, { minLength: 1, maxLength: 60 }), vector, async (rows, query) => {
        const gallery = {
          positions: rows.map(() => coordinate(0, 0)),
          embeddings: Float32Array.from(rows.flat()),
          dimensions,
        };
        await using search = await openGallerySearch(gallery);
        const hits = await search.nearest(Float32Array.from(query), { count: 3, scale: 40 });
        const cosines = rows.map((row) =>
          row.reduce((sum, value, k) => sum + Math.fround(value) * Math.fround(query[k]!), 0),
        );
        const best = cosines.toSorted((a, b) => b - a).slice(0, 3);
        expect(hits).toHaveLength(best.length);
        for (const [i, { cosine, index, probability }] of hits.entries()) {
          expect(cosine).toBeCloseTo(best[i]!, 6);
          expect(cosines[index]).toBeCloseTo(cosine, 6);
          const total = cosines.reduce((sum, each) => sum + Math.exp(40 * (each - best[0]!)), 0);
          // A tolerance is needed, because the search approximates the tail of the softmax from cosines of 8 bits.
          expect(probability / (Math.exp(40 * (cosine - best[0]!)) / total)).toBeCloseTo(1, 1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

it('answers concurrent queries independently', async () => {
  const dimensions = 8;
  const rows = 500;
  const embeddings = new Float32Array(rows * dimensions);
  for (let i = 0; i < rows; i++) {
    const row = Array.from({ length: dimensions }, (_, k) => Math.sin(12.9898 * (i + 1) * (k + 1)));
    embeddings.set(
      row.map((value) => value / Math.hypot(...row)),
      i * dimensions,
    );
  }
  const positions = Array.from({ length: rows }, () => coordinate(0, 0));
  await using search = await openGallerySearch({ positions, embeddings, dimensions });
  const wanted = [3, 141, 59, 265, 358, 97, 93, 238];
  const found = await Promise.all(
    wanted.map(async (row) =>
      search.nearest(embeddings.slice(row * dimensions, (row + 1) * dimensions), { count: 1, scale: 40 }),
    ),
  );
  expect(found.map(([hit]) => hit!.index)).toEqual(wanted);
});

describe('pixels', () => {
  it.each([
    [200, 100],
    [100, 200],
    [31, 33],
  ])('of a single colour keep it at %i × %i', (width, height) => {
    const data = new Uint8Array(width * height * 3).fill(200);
    const pixels = clipPixels(
      { width, height, data },
      { size: 32, crop_size: 32, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] },
    );
    expect(new Set(pixels)).toEqual(new Set([Math.fround((200 / 255 - 0.5) / 0.5)]));
  });
});
