import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberedImage } from '../../../test/support/tiny-nano.ts';
import { coordinate } from '../../core/coordinate.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { encoderConfig } from '../config.ts';
import { geocellClassifier } from './geocell-classifier.ts';
import { makeGeocells } from './geocells.ts';
import { imageRetriever } from './image-retriever.ts';
import { type AnyPositionHead, loadPositionModel, positionKindOf, savePositionModel } from './position-checkpoint.ts';
import { PositionModel } from './position-model.ts';

const encoder = encoderConfig({ size: 'tiny', backbone: 'mixer' });
const gallery = [coordinate(50.0835494, 14.4341414), coordinate(-0.1 - 0.2, 36.82), coordinate(64.15, -21.94)];
const geocells = makeGeocells(gallery, { minPhotos: 1, maxPhotos: 1, smallestKm: 1 });
const heads: AnyPositionHead[] = [
  geocellClassifier({ encoder, geocells }),
  imageRetriever({ encoder, gallery, width: 24 }),
];

let root: string;
let image: PreparedImage;
const folderOf = ({ kind }: AnyPositionHead): string => join(root, kind);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'globe-positions-'));
  image = await numberedImage(77);
});
afterAll(async () => rm(root, { recursive: true }));

describe.each(heads)('a saved $kind', (head) => {
  it('loads as the same model to the last bit', async () => {
    await using model = new PositionModel({ head, seed: 3, threads: 1 });
    await savePositionModel(folderOf(head), model, { description: 'Made by a test.' });
    await using loaded = await loadPositionModel(folderOf(head), { threads: 1 });
    expect(loaded.parameters()).toEqual(model.parameters());
    expect(loaded.head.positions).toEqual(head.positions);
    expect(await loaded.rank([image], { count: 3 })).toEqual(await model.rank([image], { count: 3 }));
    expect(await positionKindOf(folderOf(head))).toBe(head.kind);
    expect(await readFile(join(folderOf(head), 'README.md'), 'utf8')).toContain('Made by a test.');
  });

  it('consists of the files that the docs name', async () => {
    const positions = head.kind === 'image-retriever' ? 'gallery.csv' : 'cells.json';
    const names = ['README.md', 'config.json', 'digests.json', 'model.safetensors', positions];
    expect(await readdir(folderOf(head))).toEqual(names.toSorted());
  });

  it('names what is wrong with its folder', async () => {
    const broken = `${folderOf(head)}-broken`;
    await cp(folderOf(head), broken, { recursive: true });
    await rm(join(broken, 'digests.json'));
    const config = JSON.parse(await readFile(join(broken, 'config.json'), 'utf8')) as { vision: object };
    await writeFile(
      join(broken, 'config.json'),
      JSON.stringify({ ...config, vision: { ...config.vision, width: 16 } }),
    );
    await expect(loadPositionModel(broken)).rejects.toThrow(/The weights of "vision\.patch\.weight" are/);
    await writeFile(join(broken, 'config.json'), JSON.stringify({ ...config, kind: 'other' }));
    await expect(loadPositionModel(broken)).rejects.toThrow('kind');
    await rm(join(broken, 'config.json'));
    await expect(loadPositionModel(broken)).rejects.toThrow('no readable config.json');
    expect(await positionKindOf(broken)).toBeUndefined();
  });
});
