import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { numberedImage } from '../../../test/support/tiny-nano.ts';
import { nanoConfig } from '../config.ts';
import { cutPatches, imageToPatches, patchReader, patchValues } from './patches.ts';

const config = nanoConfig({ size: 'tiny', vocabularySize: 300 });

describe('cutPatches', () => {
  it('contains every pixel once, patch by patch', () => {
    const { sizePixels: size, patchPixels: patch } = config.image;
    const pixels = Uint8Array.from({ length: size * size * 3 }, (_, i) => (Math.floor(i / 3) * 7 + (i % 3)) % 256);
    const values = cutPatches(pixels, config);
    expect(values).toHaveLength(patchValues(config));
    // Index of the green value of the pixel at row 9, column 20 of the photo. This pixel is at row 1, column 4 of the
    // patch at row 1, column 2.
    const at = ((1 * (size / patch) + 2) * patch * patch + 1 * patch + 4) * 3 + 1;
    expect(values[at]).toBeCloseTo(pixels[(9 * size + 20) * 3 + 1]! / 127.5 - 1, 6);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
  });
});

describe('imageToPatches', () => {
  it('scales an image of any shape, grey or with alpha, to the square', async () => {
    const bytes = await sharp({
      create: { width: 90, height: 20, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 1 } },
    })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const image = { ...(await numberedImage(1)), bytes };
    const values = await imageToPatches(image, config);
    expect(values).toHaveLength(patchValues(config));
    expect(new Set(values)).toEqual(new Set([1]));
  });

  it('names the image that cannot be decoded', async () => {
    const image = { ...(await numberedImage(1)), bytes: new Uint8Array([1, 2, 3]) };
    await expect(imageToPatches(image, config)).rejects.toThrow(
      new RegExp(`Image ${image.sha256.slice(0, 12)} cannot`),
    );
  });
});

describe('patchReader', () => {
  it('decodes an image once while it is among the most recently used', async () => {
    const read = patchReader(config, 2);
    const [a, b, c] = await Promise.all([1, 2, 3].map(numberedImage));
    const undecodable = { ...a!, bytes: new Uint8Array() };
    await expect(read(undecodable)).rejects.toThrow('cannot be decoded');
    const first = await read(a!);
    await read(b!);
    expect(await read(undecodable)).toEqual(first);
    await read(c!);
    expect(await read(undecodable)).toEqual(first);
    await read(b!);
    await read(c!);
    await expect(read(undecodable)).rejects.toThrow('cannot be decoded');
  });
});
