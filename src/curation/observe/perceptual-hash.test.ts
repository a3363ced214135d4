import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { random } from '../../core/random.ts';
import { hashDistance, hashWords, HASH_BITS, perceptualHash } from './perceptual-hash.ts';

/** Creates a smooth picture by enlarging coarse noise, which is drawn from the seed. */
async function picture(seed: number): Promise<Buffer> {
  const generator = random(seed);
  const pixels = Buffer.from(Array.from({ length: 12 * 9 * 3 }, () => generator.integer(256)));
  const raw = { width: 12, height: 9, channels: 3 } as const;
  return sharp(pixels, { raw }).resize(320, 240, { kernel: 'cubic' }).png().toBuffer();
}

async function distance(a: Buffer, b: Buffer): Promise<number> {
  const [first, second] = await Promise.all([a, b].map(async (bytes) => hashWords(await perceptualHash(bytes))));
  return hashDistance(first!, second!);
}

describe('perceptualHash', () => {
  it.each([
    ['recompressed', async (bytes: Buffer) => sharp(bytes).jpeg({ quality: 40 }).toBuffer()],
    ['downscaled', async (bytes: Buffer) => sharp(bytes).resize(160).jpeg().toBuffer()],
    ['slightly brighter', async (bytes: Buffer) => sharp(bytes).modulate({ brightness: 1.05 }).toBuffer()],
  ])('hardly changes when a photo is %s', async (_, change) => {
    const original = await picture(1);
    expect(await distance(original, await change(original))).toBeLessThanOrEqual(16);
  });

  it('differs in about half of its bits between photos', async () => {
    const distances = await Promise.all(
      [2, 3, 4, 5].map(async (seed) => distance(await picture(1), await picture(seed))),
    );
    for (const bits of distances) expect(bits).toBeGreaterThan(HASH_BITS / 4);
  });

  it('counts differing bits', () => {
    expect(hashDistance(hashWords('00'.repeat(32)), hashWords('ff'.repeat(32)))).toBe(HASH_BITS);
    expect(hashDistance(hashWords(`01${'00'.repeat(31)}`), hashWords(`${'00'.repeat(31)}80`))).toBe(2);
  });
});
