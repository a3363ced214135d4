import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ascii, doubles, photo, rationals, type Value } from '../../test/support/exif-photo.ts';
import { picture } from '../../test/support/photos.ts';
import { readPhotoMetadata, type PhotoMetadata } from './photo-metadata.ts';
import { withSidecars } from './sidecar-metadata.ts';
import { readTakeout } from './takeout.ts';
import { xmpPosition } from './xmp-position.ts';

const PATAGONIA = { latitudeDegrees: -41.13, longitudeDegrees: -71.3 };
const [LATITUDE, LONGITUDE] = [rationals(41, 7, 48), rationals(71, 18, 0)];

function expectPosition({ coordinate, problem }: PhotoMetadata): void {
  expect(problem).toBeUndefined();
  expect(coordinate?.latitudeDegrees).toBeCloseTo(PATAGONIA.latitudeDegrees, 4);
  expect(coordinate?.longitudeDegrees).toBeCloseTo(PATAGONIA.longitudeDegrees, 4);
}

describe('an EXIF position is read', () => {
  it.each<[string, Record<number, Value>]>([
    ['with letters', { 1: ascii('S'), 2: LATITUDE, 3: ascii('W'), 4: LONGITUDE }],
    ['with lower-case letters', { 1: ascii('s'), 2: LATITUDE, 3: ascii('w'), 4: LONGITUDE }],
    ['with words', { 1: ascii('South'), 2: LATITUDE, 3: ascii('West longitude'), 4: LONGITUDE }],
    ['with letters behind a space', { 1: ascii(' S '), 2: LATITUDE, 3: ascii(' W'), 4: LONGITUDE }],
    [
      'with a negative number beside its own letter',
      { 1: ascii('S'), 2: rationals(-41, 7, 48), 3: ascii('W'), 4: rationals(-71, 18, 0) },
    ],
    [
      'with negative parts throughout',
      { 1: ascii('S'), 2: rationals(-41, -7, -48), 3: ascii('W'), 4: rationals(-71, -18, 0) },
    ],
    ['with signs instead of letters', { 2: rationals(-41, 7, 48), 4: rationals(-71, 18, 0) }],
    ['with a sign and a letter', { 2: rationals(-41, 7, 48), 3: ascii('W'), 4: LONGITUDE }],
    ['as decimal degrees in one rational', { 1: ascii('S'), 2: rationals(41.13), 3: ascii('W'), 4: rationals(71.3) }],
    ['as decimal minutes', { 1: ascii('S'), 2: rationals(41, 7.8), 3: ascii('W'), 4: rationals(71, 18) }],
    ['as doubles', { 1: ascii('S'), 2: doubles(41, 7, 48), 3: ascii('W'), 4: doubles(71, 18, 0) }],
    ['as one signed double', { 2: doubles(-41.13), 4: doubles(-71.3) }],
  ])('%s', async (_, tags) => {
    expectPosition(await readPhotoMetadata(await photo(tags)));
  });
});

describe('an EXIF position is a problem', () => {
  it.each<[string, Record<number, Value>, RegExp]>([
    ['without letters and signs', { 2: LATITUDE, 4: LONGITUDE }, /does not say whether its latitude/],
    ['with empty letters', { 1: ascii(''), 2: LATITUDE, 3: ascii(''), 4: LONGITUDE }, /does not say/],
    ['with one letter missing', { 1: ascii('S'), 2: LATITUDE, 4: LONGITUDE }, /does not say whether its longitude/],
    [
      'negative beside N',
      { 1: ascii('N'), 2: rationals(-41, 7, 48), 3: ascii('W'), 4: LONGITUDE },
      /contradicts itself/,
    ],
    [
      'negative beside E',
      { 1: ascii('S'), 2: LATITUDE, 3: ascii('E'), 4: rationals(-71, 18, 0) },
      /contradicts itself/,
    ],
    ['with swapped letters', { 1: ascii('W'), 2: LATITUDE, 3: ascii('S'), 4: LONGITUDE }, /hemisphere "W"/],
    [
      'with a letter that two languages read differently',
      { 1: ascii('S'), 2: LATITUDE, 3: ascii('O'), 4: LONGITUDE },
      /"O"/,
    ],
    ['without longitude', { 1: ascii('S'), 2: LATITUDE, 3: ascii('W') }, /has no longitude/],
    ['with 75 minutes', { 1: ascii('S'), 2: rationals(41, 75, 0), 3: ascii('W'), 4: LONGITUDE }, /is invalid/],
    ['beyond the pole', { 1: ascii('S'), 2: rationals(91, 0, 0), 3: ascii('W'), 4: LONGITUDE }, /is invalid/],
    [
      'of doubles that are not numbers',
      { 1: ascii('S'), 2: doubles(NaN), 3: ascii('W'), 4: doubles(71.3) },
      /is invalid/,
    ],
  ])('%s', async (_, tags, problem) => {
    const metadata = await readPhotoMetadata(await photo(tags));
    expect(metadata.coordinate).toBeUndefined();
    expect(metadata.problem).toMatch(problem);
  });
});

const packet = (properties: string, elements = ''): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" ${properties}>${elements}</rdf:Description></rdf:RDF></x:xmpmeta>`;
const XMP = packet('exif:GPSLatitude="41,7.8S" exif:GPSLongitude="71,18W"');

describe('an XMP position is read', () => {
  it.each<[string, string]>([
    ['from attributes', XMP],
    ['from attributes in single quotes', packet("exif:GPSLatitude='41,7.8S' exif:GPSLongitude='71,18.0W'")],
    [
      'from elements',
      packet('', '<exif:GPSLatitude>41,7.8S</exif:GPSLatitude><exif:GPSLongitude>71,18W</exif:GPSLongitude>'),
    ],
    ['with seconds', packet('exif:GPSLatitude="41,7,48S" exif:GPSLongitude="71,18,0W"')],
    ['with lower-case letters', packet('exif:GPSLatitude="41,7.8s" exif:GPSLongitude="71,18w"')],
    ['as signed decimal degrees', packet('exif:GPSLatitude="-41.13" exif:GPSLongitude="-71.3"')],
    [
      'with letters in their own properties',
      packet('exif:GPSLatitude="41.13" exif:GPSLatitudeRef="S" exif:GPSLongitude="71.3" exif:GPSLongitudeRef="W"'),
    ],
    ['with another prefix', XMP.replaceAll('exif:', 'e:')],
    [
      'in lines of their own',
      packet(
        '',
        '\n <exif:GPSLatitude>\n 41,7.8S </exif:GPSLatitude>\n <exif:GPSLongitude>71,18W\n</exif:GPSLongitude>',
      ),
    ],
  ])('%s', (_, xmp) => {
    expectPosition(xmpPosition(xmp, 'XMP'));
  });

  it.each([
    ['without letters and signs', packet('exif:GPSLatitude="41.13" exif:GPSLongitude="71.3"')],
    ['with a decimal comma', packet('exif:GPSLatitude="-41,13456" exif:GPSLongitude="-71,34567"')],
    ['in words', packet('exif:GPSLatitude="south" exif:GPSLongitude="west"')],
    ['without longitude', packet('exif:GPSLatitude="41,7.8S"')],
  ])('unless it is written %s', (_, xmp) => {
    const found = xmpPosition(xmp, 'XMP');
    expect(found.coordinate).toBeUndefined();
    expect(found.problem).toContain('The XMP position');
  });

  it('from a JPEG and a WebP', async () => {
    const base = sharp(await picture()).withXmp(XMP);
    for (const bytes of [await base.clone().jpeg().toBuffer(), await base.clone().webp().toBuffer()]) {
      const metadata = await readPhotoMetadata(bytes);
      expectPosition(metadata);
      expect(metadata.positionSource).toBe('XMP');
    }
  });

  it('unless EXIF has another', async () => {
    const tags = { 1: ascii('N'), 2: LATITUDE, 3: ascii('W'), 4: LONGITUDE };
    const both = async (bytes: Buffer): Promise<PhotoMetadata> =>
      readPhotoMetadata(await sharp(bytes).keepExif().withXmp(XMP).jpeg().toBuffer());
    expect((await both(await photo(tags))).problem).toMatch(/EXIF and XMP contradict each other/);
    expectPosition(await both(await photo({ ...tags, 1: ascii('S') })));
  });
});

describe('a sidecar completes the metadata', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'globe-sidecars-'));
  });
  afterAll(async () => rm(folder, { recursive: true }));
  const geoData = { latitude: -41.13, longitude: -71.3, altitude: 0 };
  const takeout = (more: object): string => JSON.stringify({ title: 'x', geoData, ...more });

  it.each([
    ['a.jpg', 'a.jpg.xmp', XMP],
    ['b.jpg', 'b.xmp', XMP],
    ['c.JPG', 'c.XMP', XMP],
    ['d.jpg', 'd.jpg.json', takeout({})],
    ['e.jpg', 'e.jpg.supplemental-metadata.json', takeout({})],
    ['f_with_a_name_of_many_letters.jpg', 'f_with_a_name_of_many_letters.jpg.supplemental.json', takeout({})],
    ['g(2).jpg', 'g.jpg(2).json', takeout({})],
    ['h(2).jpg', 'h.jpg.supplemental-metadata(2).json', takeout({})],
    ['i-edited.jpg', 'i.jpg.json', takeout({})],
    ['j.heic', 'j.json', takeout({})],
    ['k.jpg', 'k.jpg.json', takeout({ geoData: { latitude: 0, longitude: 0 }, geoDataExif: geoData })],
    ['l.jpg', 'l.jpg.json', takeout({ geoData: { latitude: '-41.13', longitude: '-71.3' } })],
  ])('of %s in %s', async (photoName, name, content) => {
    await writeFile(join(folder, name), content);
    expectPosition(await withSidecars({}, join(folder, photoName)));
  });

  it('but never replaces the position of the photo', async () => {
    await writeFile(join(folder, 'own.jpg.xmp'), XMP);
    const own = { coordinate: { latitudeDegrees: 1, longitudeDegrees: 2 } };
    expect(await withSidecars(own, join(folder, 'own.jpg'))).toBe(own);
  });

  it('and settles a problem of the photo, whose time stays', async () => {
    await writeFile(join(folder, 'time.jpg.json'), takeout({ photoTakenTime: { timestamp: '1700000000' } }));
    const own = { problem: 'The EXIF position has no longitude.', takenAt: '2020-01-01T00:00:00' };
    const found = await withSidecars(own, join(folder, 'time.jpg'));
    expectPosition(found);
    expect(found.takenAt).toBe('2020-01-01T00:00:00');
    expect((await withSidecars({}, join(folder, 'time.jpg'))).takenAt).toBe('2023-11-14T22:13:20+00:00');
  });

  it('unless there is none', async () => {
    const own = { problem: 'A problem.' };
    expect(await withSidecars(own, join(folder, 'alone.jpg'))).toEqual(own);
    for (const text of ['', '[]', '{"geoData": 7}', '{"geoData": {"latitude": 0, "longitude": 0}}']) {
      expect(readTakeout(text)).toEqual({});
    }
  });
});
