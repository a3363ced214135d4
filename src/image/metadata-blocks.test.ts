import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { picture, segment } from '../../test/support/photos.ts';
import { metadataBlocks } from './metadata-blocks.ts';

const names = (bytes: Uint8Array): string[] => metadataBlocks(bytes).map(({ name }) => name);

describe('metadataBlocks', () => {
  it('finds nothing in a bare JPEG or PNG', async () => {
    const png = await sharp(await picture())
      .png()
      .toBuffer();
    expect(names(png)).toEqual([]);
    expect(names(await sharp(png).jpeg().toBuffer())).toEqual([]);
    expect(names(await sharp(png).jpeg({ progressive: true }).toBuffer())).toEqual([]);
  });

  it('finds comments before the image, between scans and after the end', async () => {
    const jpeg = await sharp(await picture())
      .jpeg({ progressive: true })
      .toBuffer();
    const comment = segment(0xfe, Buffer.from('latitude: 1'));
    expect(names(Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]))).toEqual(['COM']);
    const end = jpeg.length - 2;
    expect(names(Buffer.concat([jpeg.subarray(0, end), comment, jpeg.subarray(end)]))).toEqual(['COM']);
    expect(names(Buffer.concat([jpeg, Buffer.from('latitude: 1')]))).toEqual(['bytes after the image']);
  });

  it('finds EXIF and text chunks of a PNG', async () => {
    const png = await sharp(await picture())
      .withExif({ IFD0: { Make: 'x' } })
      .png()
      .toBuffer();
    expect(names(png)).toContain('eXIf');
  });

  it('reports unreadable bytes as a block', async () => {
    const jpeg = await sharp(await picture())
      .jpeg()
      .toBuffer();
    expect(names(jpeg.subarray(0, 300))).toEqual(['unreadable JPEG']);
    expect(names(Buffer.from('GIF89a'))).toEqual(['not a JPEG or PNG']);
  });
});
