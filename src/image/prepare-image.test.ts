import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { photoWithMetadata, picture, SECRETS, segment } from '../../test/support/photos.ts';
import { MAX_PIXELS } from './limits.ts';
import { metadataBlocks } from './metadata-blocks.ts';
import { prepareImage, withinBudget } from './prepare-image.ts';

const heic = join(import.meta.dirname, 'fixtures', 'two-colours.heic');

/** Returns the colour of one pixel of an encoded image. */
async function pixel(bytes: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * info.channels;
  return [...data.subarray(at, at + 3)];
}

const yellow = [0xe0, 0xb0, 0x40];
const blue = [0x30, 0x60, 0xc0];

function expectColour(actual: number[], expected: number[], tolerance = 14): void {
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `${actual.join()} is not ${expected.join()}`).toBeLessThan(tolerance);
  }
}

describe('prepareImage', () => {
  it('leaves no metadata block and no metadata text', async () => {
    const original = await photoWithMetadata();
    expect(metadataBlocks(original).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['COM', 'APP13 Photoshop 3.0', 'APP1 Exif', 'APP1 http://ns.adobe.com/xap/1.0/']),
    );
    const prepared = await prepareImage(original);
    expect(metadataBlocks(prepared.bytes)).toEqual([]);
    const text = Buffer.from(prepared.bytes).toString('latin1');
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });

  it('turns the photo upright by its EXIF orientation', async () => {
    const prepared = await prepareImage(await photoWithMetadata({ orientation: 6 }));
    expect([prepared.widthPixels, prepared.heightPixels]).toEqual([48, 64]);
    expectColour(await pixel(prepared.bytes, 40, 8), yellow);
    expectColour(await pixel(prepared.bytes, 8, 8), blue);
  });

  it('keeps within the pixel budget without changing the shape', async () => {
    const prepared = await prepareImage(await picture({ width: 1600, height: 1200 }));
    expect(prepared.widthPixels * prepared.heightPixels).toBeLessThanOrEqual(MAX_PIXELS);
    expect(prepared.widthPixels / prepared.heightPixels).toBeCloseTo(4 / 3, 2);
    const real = await sharp(prepared.bytes).metadata();
    expect([real.width, real.height]).toEqual([prepared.widthPixels, prepared.heightPixels]);
  });

  it('puts transparency on white', async () => {
    const clear = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer();
    expect(await pixel((await prepareImage(clear)).bytes, 4, 4)).toEqual([255, 255, 255]);
  });

  it('takes the first frame of an animation', async () => {
    const frames = await Promise.all(
      [yellow, blue].map(async ([r, g, b]) =>
        sharp({ create: { width: 16, height: 16, channels: 3, background: { r: r!, g: g!, b: b! } } })
          .png()
          .toBuffer(),
      ),
    );
    const animated = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const prepared = await prepareImage(animated);
    expect(prepared.heightPixels).toBe(16);
    expectColour(await pixel(prepared.bytes, 8, 8), yellow);
  });

  it.each([
    [
      'CMYK JPEG',
      async () =>
        sharp(await picture())
          .toColourspace('cmyk')
          .jpeg()
          .toBuffer(),
    ],
    [
      '16-bit PNG',
      async () =>
        sharp(await picture())
          .toColourspace('rgb16')
          .png()
          .toBuffer(),
    ],
    [
      'Display P3 JPEG',
      async () =>
        sharp(await picture())
          .withIccProfile('p3')
          .jpeg()
          .toBuffer(),
    ],
    [
      'TIFF',
      async () =>
        sharp(await picture())
          .tiff()
          .toBuffer(),
    ],
    [
      'WebP',
      async () =>
        sharp(await picture())
          .webp()
          .toBuffer(),
    ],
    [
      'AVIF',
      async () =>
        sharp(await picture())
          .avif({ quality: 90 })
          .toBuffer(),
    ],
  ])('keeps the colours of a %s', async (_, make) => {
    const prepared = await prepareImage(await make());
    expectColour(await pixel(prepared.bytes, 8, 8), yellow, 40);
    expectColour(await pixel(prepared.bytes, 56, 40), blue, 40);
    expect(metadataBlocks(prepared.bytes)).toEqual([]);
  });

  it('turns grey into three equal channels', async () => {
    const grey = await sharp(await picture())
      .greyscale()
      .jpeg()
      .toBuffer();
    const { bytes } = await prepareImage(grey);
    expect((await sharp(bytes).metadata()).channels).toBe(3);
    const [r, g, b] = await pixel(bytes, 8, 8);
    expect([g, b]).toEqual([r, r]);
  });

  it('decodes HEIC', async () => {
    const prepared = await prepareImage(heic);
    expect([prepared.widthPixels, prepared.heightPixels]).toEqual([64, 48]);
    expectColour(await pixel(prepared.bytes, 8, 8), yellow);
    expectColour(await pixel(prepared.bytes, 56, 40), blue);
  });

  it.each(['behind the last pixel', 'in a table', 'in a late height', 'after the end'])(
    'drops bytes hidden %s',
    async (where) => {
      const secret = Buffer.from('latitude: 48.858, longitude: 2.294; '.repeat(8));
      const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
      const sharpened = sharp({ create: { width: 64, height: 48, channels: 3, background: '#888', noise } });
      for (const photo of [
        await sharpened.clone().jpeg().toBuffer(),
        await sharpened.jpeg({ progressive: true }).toBuffer(),
      ]) {
        const scan = photo.indexOf(Buffer.from([0xff, 0xda]));
        const table = Buffer.concat([Buffer.from([3]), secret.subarray(0, 64)]);
        const [at, text] = {
          'behind the last pixel': [photo.length - 2, secret] as const,
          'in a table': [scan, segment(0xdb, table)] as const,
          'in a late height': [scan, segment(0xdc, secret)] as const,
          'after the end': [photo.length, Buffer.concat([photo, secret])] as const,
        }[where]!;
        const { bytes } = await prepareImage(Buffer.concat([photo.subarray(0, at), text, photo.subarray(at)]));
        expect(Buffer.from(bytes).includes('48.858')).toBe(false);
        expect(metadataBlocks(bytes)).toEqual([]);
      }
    },
  );

  it.each(['png', 'webp', 'avif', 'tiff'] as const)('drops the metadata of a %s file', async (format) => {
    const photo = await sharp(await photoWithMetadata())
      .keepMetadata()
      .toFormat(format)
      .toBuffer();
    const text = photo.toString('latin1');
    expect(
      SECRETS.some((secret) => text.includes(secret)),
      'the file contains the secret',
    ).toBe(true);
    const { bytes } = await prepareImage(photo);
    for (const secret of SECRETS) expect(Buffer.from(bytes).includes(secret)).toBe(false);
    expect(metadataBlocks(bytes)).toEqual([]);
  });

  it.each([100_000_000, 1000])(
    'finds damage inside the compressed pixels, with a budget of %i pixels',
    async (maxPixels) => {
      const noise = sharp({
        create: {
          width: 256,
          height: 256,
          channels: 3,
          background: '#888',
          noise: { type: 'gaussian', mean: 128, sigma: 60 },
        },
      });
      const photo = await noise.jpeg().toBuffer();
      // The file still has its start, tables, scan and end marker, but half of its data is missing.
      const damaged = Buffer.concat([photo.subarray(0, photo.length / 2), photo.subarray(-2)]);
      await expect(prepareImage(damaged, { maxPixels })).rejects.toThrow(/damaged or cut short/);
    },
  );

  it('accepts damage that costs no pixel', async () => {
    const photo = await sharp(await picture())
      .jpeg()
      .toBuffer();
    const stray = Buffer.concat([photo.subarray(0, -2), Buffer.from([1, 2, 3, 4]), photo.subarray(-2)]);
    expect((await prepareImage(stray)).widthPixels).toBe(64);
  });

  it.each([1, 2])('accepts a JPEG that lacks the last %i bytes of its end marker', async (bytes) => {
    const photo = await sharp(await picture({ width: 200, height: 150 }))
      .jpeg()
      .toBuffer();
    const whole = await prepareImage(photo);
    expect((await prepareImage(photo.subarray(0, -bytes))).sha256).toBe(whole.sha256);
    await expect(prepareImage(photo.subarray(0, -40))).rejects.toThrow(/damaged or cut short/);
  });

  it('produces the same bytes for the same image', async () => {
    const photo = await photoWithMetadata();
    expect((await prepareImage(photo)).sha256).toBe((await prepareImage(photo)).sha256);
  });
});

describe('prepareImage rejects', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'globe-image-'));
  });
  afterAll(async () => rm(folder, { recursive: true }));

  const file = async (name: string, bytes: Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  };

  it('a truncated photo', async () => {
    const photo = await sharp(await picture({ width: 600, height: 400 }))
      .jpeg()
      .toBuffer();
    const path = await file('cut.jpg', photo.subarray(0, photo.length / 2));
    await expect(prepareImage(path)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('cut.jpg is damaged or cut short'),
    });
  });

  it('a truncated HEIC file', async () => {
    const bytes = await readFile(heic);
    const log = vi.spyOn(console, 'log');
    await expect(prepareImage(bytes.subarray(0, 600))).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('damaged or cut short'),
    });
    expect(log, 'stdout belongs to results').not.toHaveBeenCalled();
  });

  it('an empty file', async () => {
    await expect(prepareImage(await file('empty.jpg', Buffer.alloc(0)))).rejects.toThrow(/empty \(0 bytes\)/);
  });

  it('text with the name of an image', async () => {
    await expect(prepareImage(await file('note.jpg', Buffer.from('hello')))).rejects.toThrow(
      /not in a supported image format/,
    );
  });

  it('a drawing', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await expect(prepareImage(svg)).rejects.toThrow(/SVG is a drawing/);
  });

  it('a decompression bomb', async () => {
    const bomb = await sharp({ create: { width: 2000, height: 2000, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    await expect(prepareImage(bomb, { maxInputPixels: 1_000_000, label: 'bomb.png' })).rejects.toThrow(
      'bomb.png has more pixels than the limit allows.',
    );
  });

  it('a folder', async () => {
    await expect(prepareImage(folder)).rejects.toThrow(/is a folder/);
  });

  it('a missing file', async () => {
    await expect(prepareImage(join(folder, 'none.jpg'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('an invalid pixel budget', async () => {
    await expect(prepareImage(await picture(), { maxPixels: 0 })).rejects.toThrow('Invalid maxPixels: 0.');
  });
});

describe('withinBudget', () => {
  it('never exceeds the budget, never enlarges, never loses a side', () => {
    const side = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 4_000_000 }), (width, height, maxPixels) => {
        const size = withinBudget({ width, height }, maxPixels);
        expect(size.width * size.height).toBeLessThanOrEqual(maxPixels);
        expect(size.width).toBeLessThanOrEqual(width);
        expect(size.height).toBeLessThanOrEqual(height);
        expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
