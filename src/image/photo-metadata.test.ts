import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { photoWithMetadata, picture } from '../../test/support/photos.ts';
import { readPhotoMetadata } from './photo-metadata.ts';

describe('readPhotoMetadata', () => {
  it('reads position and time', async () => {
    const { coordinate, takenAt } = await readPhotoMetadata(await photoWithMetadata());
    expect(coordinate?.latitudeDegrees).toBeCloseTo(48.8583, 4);
    expect(coordinate?.longitudeDegrees).toBeCloseTo(2.2945, 4);
    expect(takenAt).toBe('2024-05-06T07:08:09+02:00');
  });

  it('reads the position of a HEIC file', async () => {
    const bytes = await readFile(join(import.meta.dirname, 'fixtures', 'two-colours.heic'));
    expect((await readPhotoMetadata(bytes)).coordinate?.latitudeDegrees).toBeCloseTo(48.8583, 4);
  });

  it.each(['webp', 'png', 'avif'] as const)('reads the position of a %s file', async (format) => {
    const bytes = await sharp(await photoWithMetadata())
      .keepExif()
      .toFormat(format)
      .toBuffer();
    expect((await readPhotoMetadata(bytes)).coordinate?.latitudeDegrees).toBeCloseTo(48.8583, 4);
  });

  it.each([
    ['91/1 0/1 0/1', /91, 2.*is invalid/],
    ['0/0 0/0 0/0', /is invalid/],
  ])('reports a latitude of %s as a problem', async (latitude, problem) => {
    const bytes = await sharp(await picture())
      .withExif({
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: latitude, GPSLongitudeRef: 'E', GPSLongitude: '2/1 0/1 0/1' },
      })
      .jpeg()
      .toBuffer();
    const metadata = await readPhotoMetadata(bytes);
    expect(metadata.coordinate).toBeUndefined();
    expect(metadata.problem).toMatch(problem);
  });

  it('does not accept 0, 0 as a position', async () => {
    const zero = '0/1 0/1 0/1';
    const bytes = await sharp(await picture())
      .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: zero, GPSLongitudeRef: 'E', GPSLongitude: zero } })
      .jpeg()
      .toBuffer();
    expect((await readPhotoMetadata(bytes)).problem).toMatch(/0, 0/);
  });

  it('returns nothing for a photo without EXIF', async () => {
    expect(await readPhotoMetadata(await picture())).toEqual({});
  });

  it('returns nothing for bytes that are not an image', async () => {
    expect(await readPhotoMetadata(Buffer.from('not an image'))).toEqual({});
  });
});
