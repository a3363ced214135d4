import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { distanceKm } from '../core/distance.ts';
import { openGazetteer } from '../gazetteer/open.ts';
import { prepareImage } from '../image/prepare-image.ts';
import { contactSheet } from './contact-sheet.ts';
import { CITIES } from './facts/cities.ts';
import { generateWorld } from './generate.ts';
import { cityPosition } from './position.ts';
import { openWorld } from './world.ts';

const gazetteer = openGazetteer();
const scenes = 36;

describe('generateWorld', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'globe-miniature-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  const signal = new AbortController().signal;
  const make = async (name: string, more: { seed?: number; scenes?: number } = {}): Promise<string> => {
    const out = join(folder, name);
    await generateWorld({ out, scenes, seed: 4, pixels: 48, gazetteer, signal, ...more });
    return out;
  };

  it('writes the same bytes in all files for the same seed, and different bytes for another', async () => {
    const bytes = async (out: string): Promise<Record<string, string>> => {
      const names = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      const paths = names.map((entry) => join(entry.parentPath, entry.name)).sort();
      return Object.fromEntries(
        await Promise.all(
          paths.map(async (path) => [path.slice(out.length), (await readFile(path)).toString('base64')]),
        ),
      );
    };
    const [a, b, other] = await Promise.all([
      bytes(await make('a')),
      bytes(await make('b')),
      bytes(await make('c', { seed: 5 })),
    ]);
    expect(a).toEqual(b);
    expect(Object.keys(a)).toHaveLength(scenes + 4);
    expect(other['/truth.jsonl']).not.toBe(a['/truth.jsonl']);
  });

  it("writes MP-16's columns, positions near the cities, and images of the requested size", async () => {
    const out = await make('world');
    const rows = parse(await readFile(join(out, 'metadata.csv'), 'utf8'), { columns: true }) as Record<
      string,
      string
    >[];
    const heldOut = parse(await readFile(join(out, 'test.csv'), 'utf8'), { columns: true }) as Record<string, string>[];
    expect(rows.length + heldOut.length).toBe(scenes);
    expect(Object.keys(rows[0]!).slice(0, 8)).toEqual([
      'IMG_ID',
      'AUTHOR',
      'LAT',
      'LON',
      'S3_Label',
      'Prob_indoor',
      'Prob_natural',
      'Prob_urban',
    ]);
    for (const row of [...rows, ...heldOut]) {
      const probabilities = [row['Prob_indoor'], row['Prob_natural'], row['Prob_urban']].map(Number);
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
      expect(probabilities.indexOf(Math.max(...probabilities))).toBe(Number(row['S3_Label']));
      const city = CITIES.find(({ name }) => name === row['city'])!;
      const at = { latitudeDegrees: Number(row['LAT']), longitudeDegrees: Number(row['LON']) };
      expect(distanceKm(at, cityPosition(city, gazetteer).coordinate)).toBeLessThan(12);
    }
    const image = await sharp(join(out, 'images', rows[0]!['IMG_ID']!)).metadata();
    expect([image.width, image.height, image.format, image.exif]).toEqual([48, 48, 'png', undefined]);
  });

  it('finds each scene of a written world by its file and by its prepared image', async () => {
    const world = await openWorld(await make('world'));
    expect(world.scenes).toHaveLength(scenes);
    for (const scene of world.scenes.slice(0, 5)) {
      const prepared = await prepareImage(join(world.folder, 'images', scene.id));
      expect(world.sceneOf(prepared)).toBe(scene);
      expect(world.sceneOf({ sha256: scene.sha256 })).toBe(world.byId(scene.id));
    }
    expect(() => world.sceneOf({ sha256: 'feed' })).toThrow(/No scene .* has the image feed/);
  });

  it('shows scenes on a contact sheet', async () => {
    const world = await openWorld(await make('world'));
    const sheet = await contactSheet(world, { scenes: 12, columns: 4, tile: 48, by: 'setting', seed: 1 });
    const { width, height } = await sharp(sheet).metadata();
    expect([width, height]).toEqual([4 * 50 - 2, 3 * 50 - 2]);
    await expect(contactSheet(world, { scenes: 12, columns: 0, tile: 48, by: 'none', seed: 1 })).rejects.toThrow(
      /Invalid value for the sheet's columns: 0/,
    );
    await expect(
      contactSheet(world, { scenes: 12, columns: 4, tile: 48, by: 'none', seed: 1, where: () => false }),
    ).rejects.toThrow(/The filters exclude all scenes of/);
  });

  it('returns the manifest of the same existing world, and rejects a folder with other contents', async () => {
    const out = await make('world');
    const before = await readFile(join(out, 'manifest.json'), 'utf8');
    expect(JSON.parse(before)).toEqual(await generateWorld({ out, scenes, seed: 4, pixels: 48, gazetteer, signal }));
    await expect(make('world', { seed: 5 })).rejects.toThrow(/contains another world: 36 scenes of 48 pixels, seed 4/);
    await mkdir(join(folder, 'mine'));
    await writeFile(join(folder, 'mine', 'diary.txt'), 'dear');
    await expect(make('mine')).rejects.toThrow(/contains other files/);
    await expect(make('none', { scenes: 0 })).rejects.toThrow(/Invalid number of scenes: 0/);
  });

  it('leaves no files when it is interrupted', async () => {
    const controller = new AbortController();
    const out = join(folder, 'world');
    const generation = generateWorld({
      out,
      scenes: 200,
      seed: 4,
      pixels: 32,
      gazetteer,
      signal: controller.signal,
      onProgress: (done) => done === 10 && controller.abort(),
    });
    await expect(generation).rejects.toThrow(/abort/i);
    expect(await readdir(folder)).toEqual([]);
  });
});
