/**
 * Runs the real library on a tiny SegFormer with random weights, and compares its label shares with PyTorch's for the
 * same picture (scripts/build/fixtures/tiny_text_and_segmentation.py). This test runs no trained model.
 */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { openTransformersSegmenter } from './transformers-segmenter.ts';

const folder = fileURLToPath(new URL('fixtures/tiny-segformer/', import.meta.url));
const { shares } = JSON.parse(await readFile(`${folder}reference.json`, 'utf8')) as { shares: Record<string, number> };
const image: PreparedImage = {
  bytes: await readFile(`${folder}drawing.png`),
  mediaType: 'image/png',
  widthPixels: 64,
  heightPixels: 64,
  sha256: 'drawing',
};
const { signal } = new AbortController();
const cacheFolder = tmpdir();

it("gives PyTorch's labels and area shares, largest first", async () => {
  await using segmenter = await openTransformersSegmenter(folder, { cacheFolder, minShare: 0 });
  const elements = await segmenter.segment(image, { signal });
  const expected = Object.entries(shares).filter(([, share]) => share > 0);
  expect(elements.map(({ label }) => label).toSorted()).toEqual(expected.map(([label]) => label).toSorted());
  for (const { label, share } of elements) {
    // A pixel on the border of two classes may be in either class. One of 4,096 pixels is a share of 0.0002.
    expect(Math.abs(share - shares[label]!)).toBeLessThan(0.005);
  }
  const sorted = elements.map(({ share }) => share);
  expect(sorted).toEqual(sorted.toSorted((a, b) => b - a));
  expect(sorted.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
});

it('gives similar shares for the same picture at many times the size', async () => {
  await using segmenter = await openTransformersSegmenter(folder, { cacheFolder, minShare: 0 });
  const bytes = await sharp(image.bytes).resize(1600, 1600, { kernel: 'nearest' }).png().toBuffer();
  const large = { ...image, bytes, widthPixels: 1600, heightPixels: 1600 };
  for (const { label, share } of await segmenter.segment(large, { signal })) {
    expect(Math.abs(share - shares[label]!)).toBeLessThan(0.05);
  }
});

it('drops slivers', async () => {
  await using segmenter = await openTransformersSegmenter(folder, { cacheFolder, minShare: 0.5 });
  expect(await segmenter.segment(image, { signal })).toHaveLength(1);
});

it('reports a missing model and what to do, without network access', async () => {
  const failure = openTransformersSegmenter('nobody/no-such-model', { cacheFolder });
  await expect(failure).rejects.toMatchObject({ code: 'not-found', hint: /--allow-download/ });
});

it('reports bytes that are not an image', async () => {
  await using segmenter = await openTransformersSegmenter(folder, { cacheFolder });
  const broken = { ...image, bytes: Uint8Array.of(1, 2, 3) };
  await expect(segmenter.segment(broken, { signal })).rejects.toMatchObject({ code: 'service' });
});

it('stops when aborted', async () => {
  await using segmenter = await openTransformersSegmenter(folder, { cacheFolder });
  await expect(segmenter.segment(image, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
});
