import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { createHashStore } from '../src/curation/judge/hash-store.ts';
import { nearDuplicates } from '../src/curation/judge/near-duplicates.ts';
import { perceptualHashes } from '../src/curation/observe/perceptual-hash.ts';
import type { PerceptualHashes } from '../src/curation/observe/perceptual-hash.ts';
import { recipeSchema } from '../src/curation/recipe/recipe.ts';
import { sharedData } from './support/shared-data.ts';

/** Number of photos; all 77 take minutes. docs/lab-notes.md has the figures for all. */
const COUNT = 24;
const { maxDistance, maxDistanceSameOwner } = recipeSchema.shape.dedupe.parse({})!;

const PHOTOS = sharedData('photos');

function groupsOf(photos: readonly PerceptualHashes[]) {
  const store = createHashStore(photos.length);
  for (const photo of photos) store.add(photo);
  return nearDuplicates(
    store,
    photos.map(() => undefined),
    { maxDistance, maxDistanceSameOwner },
  );
}

type Size = { readonly width: number; readonly height: number };
const crop =
  (margin: number) =>
  (bytes: Buffer, { width, height }: Size) => {
    const [left, top] = [Math.round(width * margin), Math.round(height * margin)];
    return sharp(bytes).extract({ left, top, width: width - 2 * left, height: height - 2 * top });
  };
const caption = ({ width, height }: Size) =>
  Buffer.from(
    `<svg width="${width}" height="${height}"><rect y="${0.88 * height}" width="${width}" height="${0.12 * height}" fill="white"/><text x="${0.04 * width}" y="${0.96 * height}" font-size="${0.06 * height}">Summer holiday, photo by me</text></svg>`,
  );

const COPIES: Readonly<Record<string, (bytes: Buffer, size: Size) => Sharp>> = {
  'half the size': (bytes, { width }) => sharp(bytes).resize(Math.round(width / 2)),
  'strong compression': (bytes) => sharp(bytes).jpeg({ quality: 30 }),
  'without colour': (bytes) => sharp(bytes).greyscale(),
  'a crop of 2 %': crop(0.02),
  'a crop of 5 %': crop(0.05),
  'a crop of 10 %': crop(0.1),
  'a crop of one side': (bytes, { width, height }) =>
    sharp(bytes).extract({ left: Math.round(0.1 * width), top: 0, width: Math.round(0.9 * width), height }),
  'a white border': (bytes, { width, height }) => {
    const [x, y] = [Math.round(0.05 * width), Math.round(0.05 * height)];
    return sharp(bytes).extend({ left: x, right: x, top: y, bottom: y, background: 'white' });
  },
  'a caption': (bytes, size) => sharp(bytes).composite([{ input: caption(size) }]),
};

describe.runIf(PHOTOS !== undefined)('near-duplicates of real photos', { timeout: 300_000 }, () => {
  const hashed: { original: PerceptualHashes; copies: Record<string, PerceptualHashes> }[] = [];

  it('never include a different photo', async () => {
    for (const name of (await readdir(PHOTOS!)).filter((file) => file.endsWith('.jpg')).slice(0, COUNT)) {
      const bytes = await sharp(await readFile(join(PHOTOS!, name)))
        .rotate()
        .resize(400)
        .jpeg({ quality: 95 })
        .toBuffer();
      const { width, height } = await sharp(bytes).metadata();
      const copies: Record<string, PerceptualHashes> = {};
      for (const [kind, make] of Object.entries(COPIES)) {
        copies[kind] = await perceptualHashes(await make(bytes, { width, height }).jpeg().toBuffer());
      }
      hashed.push({ original: await perceptualHashes(bytes), copies });
    }
    const groups = groupsOf(hashed.map(({ original }) => original));
    expect(hashed.map((_, i) => groups.find(i))).toEqual(hashed.map((_, i) => i));
  });

  it.each(Object.keys(COPIES))('include a copy with %s', (kind) => {
    const found = hashed.filter(({ original, copies }) => {
      return groupsOf([original, copies[kind]!]).find(1) === 0;
    });
    expect(found.length).toBeGreaterThanOrEqual(0.9 * COUNT);
  });
});
