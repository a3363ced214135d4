/** Tests what becomes of the answers of a run: decisions, exports, sidecars. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderBytes } from './support/folder-bytes.ts';
import { imagesIn, startOpenAIServer } from './support/openai-server.ts';
import { photoWithMetadata } from './support/photos.ts';
import { runGlobeHere } from './support/run-globe.ts';

const CITIES = [
  'Japan\ncity: Hamada',
  'France\ncity: Lyon',
  'Chile\ncity: Arica',
  'Kenya\ncity: Nakuru',
  'Fiji\ncity: Suva',
];
const PHOTOS = 50;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-locate-export-'));
  await mkdir(join(folder, 'album'));
  for (let i = 1; i <= PHOTOS; i++) {
    const background = { r: 5 * i, g: 255 - 4 * i, b: (i * 37) % 256 };
    const image = sharp({ create: { width: 24, height: 16, channels: 3, background } });
    await image.jpeg().toFile(join(folder, 'album', `p${i}.jpg`));
  }
  await using server = await startOpenAIServer({
    answer: (body) => {
      const sum = imagesIn(body)[0]!.bytes.reduce((total, byte) => total + byte, 0);
      return `<think>Because.</think><answer>country: ${CITIES[sum % CITIES.length]}</answer>`;
    },
  });
  const run = await globe('locate', 'album', '--run', 'r', '--quiet', '--model', `${server.baseUrl}#m`);
  if (run.exitCode !== 0) throw new Error(run.stderr);
}, 120_000);
afterAll(async () => rm(folder, { recursive: true }));

const globe = async (...args: string[]) => runGlobeHere(args, { cwd: folder });
const json = async (): Promise<Record<string, unknown>[]> =>
  (JSON.parse((await globe('export', 'r', '--format', 'json')).stdout) as { results: Record<string, unknown>[] })
    .results;

const hasExiftool = spawnSync('exiftool', ['-ver']).status === 0;
if (!hasExiftool) process.stderr.write('Skipped: exiftool is not installed (Debian: libimage-exiftool-perl).\n');

describe('sidecars', () => {
  it.skipIf(!hasExiftool)(
    'of 50 photos read back as written, and leave the photos untouched',
    { timeout: 60_000 },
    async () => {
      const before = await folderBytes(join(folder, 'album'));
      const preview = await globe('export', 'r', '--format', 'xmp');
      expect(preview.stdout).toContain('new album/p1.jpg.xmp\n  exif:GPSVersionID');
      expect(preview.stdout).toContain(`Sidecars: ${PHOTOS} new.`);
      expect(await folderBytes(join(folder, 'album'))).toEqual(before);
      expect(await globe('export', 'r', '--format', 'xmp', '--write')).toMatchObject({ exitCode: 0 });
      const after = await folderBytes(join(folder, 'album'));
      for (const [name, bytes] of Object.entries(before)) expect(after[name], name).toEqual(bytes);
      const files = (await readdir(join(folder, 'album'))).filter((name) => name.endsWith('.xmp'));
      expect(files).toHaveLength(PHOTOS);
      const tags = ['GPSLatitude', 'GPSLongitude', 'GPSHPositioningError', 'City', 'State', 'Country', 'CountryCode'];
      const read = JSON.parse(
        execFileSync('exiftool', ['-json', '-n', ...tags.map((tag) => `-${tag}`), '-GPSProcessingMethod', ...files], {
          cwd: join(folder, 'album'),
          encoding: 'utf8',
        }),
      ) as Record<string, string | number>[];
      const written = new Map((await json()).map((result) => [`${String(result['image'])}.xmp`, result]));
      for (const tag of read) {
        const { place, coordinate, radiusKm } = written.get(`album/${tag['SourceFile']}`)! as {
          place: Record<string, string>;
          coordinate: { latitudeDegrees: number; longitudeDegrees: number };
          radiusKm: number;
        };
        expect(tag['GPSLatitude']).toBeCloseTo(coordinate.latitudeDegrees, 6);
        expect(tag['GPSLongitude']).toBeCloseTo(coordinate.longitudeDegrees, 6);
        expect(tag['GPSHPositioningError']).toBe(1000 * radiusKm);
        expect([tag['City'], tag['State'], tag['Country'], tag['CountryCode']]).toEqual([
          place['city'],
          place['region'],
          place['country'],
          place['countryCode'],
        ]);
        expect(tag['GPSProcessingMethod']).toMatch(
          /^GLOBE estimate by http:\/\/127\.0\.0\.1:\d+\/v1#m, \d{4}-\d\d-\d\d$/,
        );
      }
      const again = await globe('export', 'r', '--format', 'xmp');
      expect(again.stdout).toContain(`Sidecars: ${PHOTOS} left as they are.`);
    },
  );

  it('leave a broken sidecar and a photo’s own position alone', async () => {
    const album = join(folder, 'own');
    await mkdir(album);
    await writeFile(join(album, 'a.jpg'), await photoWithMetadata());
    await writeFile(
      join(album, 'b.jpg'),
      await sharp(join(folder, 'album', 'p1.jpg'))
        .negate()
        .jpeg()
        .toBuffer(),
    );
    await writeFile(join(album, 'b.xmp'), 'not xmp');
    await using server = await startOpenAIServer();
    await globe('locate', 'own', '--run', 'own', '--quiet', '--model', `${server.baseUrl}#m`);
    const run = await globe('export', 'own', '--format', 'xmp', '--write');
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('1 sidecars were left as they are') });
    expect(await readFile(join(album, 'b.xmp'), 'utf8')).toBe('not xmp');
    const own = await readFile(join(album, 'a.jpg.xmp'), 'utf8');
    expect(own).toContain('photoshop:City="Paris"');
    expect(own).not.toContain('GPSLatitude');
  });

  it('are not shared by two photos', async () => {
    const album = join(folder, 'pair');
    await mkdir(album);
    for (const [i, name] of ['a.jpg', 'a.png'].entries()) {
      const { data } = await sharp(join(folder, 'album', `p${i + 1}.jpg`))
        .toFormat(i === 0 ? 'jpeg' : 'png')
        .toBuffer({ resolveWithObject: true });
      await writeFile(join(album, name), data);
    }
    await using server = await startOpenAIServer();
    await globe('locate', 'pair', '--run', 'pair', '--quiet', '--model', `${server.baseUrl}#m`);
    const run = await globe('export', 'pair', '--format', 'xmp', '--sidecar-names', 'stem', '--write');
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('would share the sidecar pair/a.xmp') });
    expect((await readdir(album)).toSorted()).toEqual(['a.jpg', 'a.png', 'a.xmp']);
    expect(await globe('export', 'pair', '--format', 'xmp')).toMatchObject({ exitCode: 0 });
  });
});

describe('globe locate --write xmp', () => {
  it('previews and writes sidecars with --yes, and asks for it before the first request', async () => {
    await mkdir(join(folder, 'one'));
    await sharp(join(folder, 'album', 'p9.jpg'))
      .jpeg()
      .toFile(join(folder, 'one', 'a.jpg'));
    await using server = await startOpenAIServer();
    const args = ['locate', 'one', '--quiet', '--write', 'xmp', '--model', `${server.baseUrl}#m`];
    const refused = await globe(...args);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there is no terminal') });
    expect(server.requestCount()).toBe(0);
    const run = await globe(...args, '--yes');
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('new one/a.jpg.xmp\n  exif:GPSVersionID'),
    });
    expect(await readFile(join(folder, 'one', 'a.jpg.xmp'), 'utf8')).toContain('photoshop:City="Paris"');
  });
});

describe('other formats', () => {
  it.each([
    ['kml', /<coordinates>132\.0\d+,34\.8\d+<\/coordinates>/],
    ['gpx', /<wpt lat="34\.8\d+" lon="132\.0\d+"><name>Hamada, Shimane, Japan<\/name>/],
    ['geojson', /"type": "FeatureCollection"/],
    ['csv', /^image,kind,country/],
    ['text', /^album\/p1\.jpg\n/],
  ])('%s', async (format, pattern) => {
    const { stdout, exitCode } = await globe('export', 'r', '--format', format);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(pattern);
  });

  it('need an existing run', async () => {
    const run = await globe('export', 'none');
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('"none" is not a run of globe locate') });
  });
});

describe('a review', () => {
  const one = async (image: string) => (await json()).find((result) => result['image'] === image)!;

  it('is recorded, undone, and part of every export', async () => {
    const first = await one('album/p3.jpg');
    const placed = await globe('review', 'r', 'place', 'p3.jpg', 'Porto, Portugal', '--by', 'Ana', '--json');
    expect(JSON.parse(placed.stdout)).toMatchObject([
      {
        photo: 'album/p3.jpg',
        action: 'place',
        by: 'Ana',
        before: { place: first['place'] },
        after: { kind: 'located', place: { city: 'Porto', countryCode: 'PT' } },
      },
    ]);
    expect(await one('album/p3.jpg')).toMatchObject({
      positionFrom: 'review',
      place: { city: 'Porto' },
      review: { decision: 'place', by: 'Ana' },
      model: { place: first['place'] },
    });
    expect((await globe('export', 'r', '--format', 'csv')).stdout).toMatch(
      /album\/p3\.jpg,located,Portugal,[^,]*,Porto/,
    );
    expect(await globe('review', 'r', 'reject', 'album/p3.jpg', '--by', 'Ben')).toMatchObject({ exitCode: 0 });
    expect(await one('album/p3.jpg')).toMatchObject({ kind: 'refused', reason: 'rejected by Ben' });
    await globe('review', 'r', 'undo', 'p3.jpg', '--by', 'Ben');
    expect(await one('album/p3.jpg')).toMatchObject({ place: { city: 'Porto' } });
    await globe('review', 'r', 'undo', 'p3.jpg', '--by', 'Ben');
    expect(await one('album/p3.jpg')).toEqual(first);
    const empty = await globe('review', 'r', 'undo', 'p3.jpg');
    expect(empty).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('has no decision to undo') });
  });

  it('accepts several photos, takes a position, and lists the answers', async () => {
    await globe('review', 'r', 'accept', 'p1.jpg', 'p2.jpg', '--by', 'Ana');
    await globe('review', 'r', 'place', 'p4.jpg', '--at', '-33.86, 151.21', '--by', 'Ana');
    expect(await one('album/p4.jpg')).toMatchObject({ granularity: 'coordinate', place: { country: 'Australia' } });
    const { stdout } = await globe('review', 'r');
    expect(stdout.trim().split('\n')).toHaveLength(PHOTOS);
    expect(stdout).toMatch(/album\/p1\.jpg: .* \[accept by Ana\]/);
  });

  it('confirms with accept the answer that it shows, not the one before', async () => {
    await globe('review', 'r', 'place', 'p6.jpg', 'Porto, Portugal', '--by', 'Ana');
    const accepted = await globe('review', 'r', 'accept', 'p6.jpg', '--by', 'Ben', '--json');
    expect(JSON.parse(accepted.stdout)).toMatchObject([{ after: { place: { city: 'Porto' } } }]);
    expect(await one('album/p6.jpg')).toMatchObject({
      place: { city: 'Porto' },
      positionFrom: 'review',
      review: { decision: 'accept', by: 'Ben' },
    });
    await globe('review', 'r', 'reject', 'p6.jpg');
    const rejected = await globe('review', 'r', 'accept', 'p6.jpg');
    expect(rejected).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('was rejected') });
  });

  it('records nothing if one of several names is wrong', async () => {
    const run = await globe('review', 'r', 'accept', 'p7.jpg', 'p99.jpg');
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('has no photo p99.jpg') });
    expect(await one('album/p7.jpg')).not.toHaveProperty('review');
  });

  it('reads an incomplete last line without cutting it, because another process may be writing it', async () => {
    const path = join(folder, 'runs', 'r', 'review.jsonl');
    const whole = await readFile(path, 'utf8');
    await writeFile(path, `${whole}{"photo":`);
    expect(await globe('export', 'r')).toMatchObject({ exitCode: 0 });
    expect(await readFile(path, 'utf8')).toBe(`${whole}{"photo":`);
    await writeFile(path, whole);
  });

  it.each([
    [['place', 'p5.jpg', 'Nowhereville, Atlantis'], /Unknown place: Nowhereville, Atlantis/],
    [['place', 'p5.jpg'], /needs one photo and one place/],
    [['place', 'p5.jpg', '--at', '95, 3'], /Invalid position: 95, 3/],
    [['accept', 'p99.jpg'], /has no photo p99\.jpg/],
    [['accept'], /Missing photo for accept/],
    [['praise', 'p5.jpg'], /Unknown action: praise/],
  ])('rejects %j', async (args, reason) => {
    expect(await globe('review', 'r', ...args)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(reason) });
  });
});
