import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePhotoTable } from './photo-table.ts';
import { readPhotos } from './read-photos.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-table-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const blank = () => sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).jpeg();
const HELSINKI = {
  GPSLatitudeRef: 'N',
  GPSLatitude: '60/1 10/1 12/1',
  GPSLongitudeRef: 'E',
  GPSLongitude: '24/1 56/1 24/1',
};
const xmp = (inside: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:cc="http://creativecommons.org/ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`;

const signal = new AbortController().signal;
const write = async (more: Partial<Parameters<typeof writePhotoTable>[1]> = {}) =>
  writePhotoTable([folder], { out: join(folder, 'photos.csv'), signal, ...more });

describe('writePhotoTable', () => {
  it('writes a table that the curation reads, from EXIF and sidecars', async () => {
    await mkdir(join(folder, 'trip'));
    await blank()
      .withExif({ IFD0: { Artist: 'Ann' }, IFD3: HELSINKI })
      .toFile(join(folder, 'trip', 'a.jpg'));
    await blank().toFile(join(folder, 'b.jpg'));
    await writeFile(
      join(folder, 'b.xmp'),
      xmp('<exif:GPSLatitude>48,51.5N</exif:GPSLatitude><exif:GPSLongitude>2,21E</exif:GPSLongitude>'),
    );
    await blank().toFile(join(folder, 'without.jpg'));
    const report = await write({ owner: 'Bo', licence: 'CC BY 4.0' });
    expect(report).toEqual({
      photos: 2,
      left: [{ path: join(folder, 'without.jpg'), reason: 'no position in its metadata' }],
    });
    expect(await readPhotos(join(folder, 'photos.csv'))).toEqual([
      {
        id: 'b.jpg',
        path: join(folder, 'b.jpg'),
        coordinate: { latitudeDegrees: expect.closeTo(48.858, 2), longitudeDegrees: 2.35 },
        owner: 'Bo',
        licence: 'CC BY 4.0',
      },
      {
        id: 'trip/a.jpg',
        path: join(folder, 'trip', 'a.jpg'),
        coordinate: { latitudeDegrees: expect.closeTo(60.17, 2), longitudeDegrees: 24.94 },
        owner: 'Ann',
        licence: 'CC BY 4.0',
      },
    ]);
  });

  it("prefers the photo's own owner and licence", async () => {
    await blank()
      .withExif({ IFD3: HELSINKI })
      .withXmp(
        xmp(
          '<dc:creator><rdf:Seq><rdf:li>Cy</rdf:li></rdf:Seq></dc:creator><cc:license rdf:resource="https://creativecommons.org/licenses/by-sa/4.0/"/>',
        ),
      )
      .toFile(join(folder, 'a.jpg'));
    await write({ owner: 'Bo', licence: 'CC0' });
    const [photo] = await readPhotos(join(folder, 'photos.csv'));
    expect(photo).toMatchObject({ owner: 'Cy', licence: 'https://creativecommons.org/licenses/by-sa/4.0/' });
  });

  it('refuses photos without a position, and a table outside their folder', async () => {
    await blank().toFile(join(folder, 'a.jpg'));
    await expect(write()).rejects.toThrow('None of 1 photos has a position');
    await expect(write({ out: join(folder, 'elsewhere', 'photos.csv') })).rejects.toThrow('outside the folder');
    expect(await readFile(join(folder, 'photos.csv'), 'utf8').catch(() => 'absent')).toBe('absent');
  });
});
