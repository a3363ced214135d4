/** Tests `globe locate` end to end, with a server that records its requests. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metadataBlocks } from '../src/image/metadata-blocks.ts';
import { CONTENT_FILTER, imagesIn, startOpenAIServer } from './support/openai-server.ts';
import type { Fault, ReceivedRequest, TestServer } from './support/openai-server.ts';
import { photoWithMetadata, picture, SECRETS } from './support/photos.ts';
import { runGlobe, runGlobeHere } from './support/run-globe.ts';
import { sharedData } from './support/shared-data.ts';

let folder: string;
let heic: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-locate-'));
  await mkdir(join(folder, 'album', 'more'), { recursive: true });
  await writeFile(join(folder, 'album', 'a.jpg'), await photoWithMetadata());
  await writeFile(join(folder, 'album', 'b.png'), await picture());
  await writeFile(join(folder, 'album', 'more', 'c.jpeg'), await photoWithMetadata({ orientation: 6 }));
  await writeFile(join(folder, 'album', 'notes.txt'), 'not a photo');
  await writeFile(join(folder, 'broken.jpg'), (await photoWithMetadata()).subarray(0, 900));
  heic = join(import.meta.dirname, '..', 'src', 'image', 'fixtures', 'two-colours.heic');
});
afterAll(async () => rm(folder, { recursive: true }));

/** Runs the command in the test's folder. The configuration there makes retries immediate. */
async function locate(server: TestServer, args: readonly string[]) {
  const retry = { baseDelayMs: 0 };
  const models = { served: { baseUrl: server.baseUrl, model: 'test-model', retry } };
  await writeFile(join(folder, 'globe.config.json'), JSON.stringify({ models, defaultModel: 'served' }));
  return runGlobeHere(['locate', ...args], { cwd: folder });
}

/** Returns the image of a request. Checks that the request has only one image and that everything else is text. */
function onlyImage({ body }: ReceivedRequest): Buffer {
  const images = imagesIn(body);
  expect(images.map(({ mediaType }) => mediaType)).toEqual(['image/jpeg']);
  return images[0]!.bytes;
}

/** Returns a whole request as text, without the pixels of the image. */
const words = ({ raw, headers }: ReceivedRequest): string =>
  JSON.stringify(headers) + raw.toString('latin1').replaceAll(/base64,[A-Za-z0-9+/=]+/g, '');

describe('requests to the server', () => {
  it('have pixels and the prompt but no metadata, for every kind of file', async () => {
    await using server = await startOpenAIServer();
    const run = await locate(server, ['album', heic, '--samples', '2', '--json']);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(server.requests).toHaveLength(4);
    for (const request of server.requests) {
      const image = onlyImage(request);
      expect(metadataBlocks(image)).toEqual([]);
      for (const secret of SECRETS) {
        expect(image.toString('latin1')).not.toContain(secret);
        expect(words(request)).not.toContain(secret);
      }
      // The request contains neither the folder nor the file name, because these often reveal the place.
      expect(words(request)).not.toMatch(/album|two-colours/);
    }
  });

  const photos = sharedData('photos');

  it.skipIf(photos === undefined)(
    'leave out the comments of 77 benchmark photos, which state the true position',
    { timeout: 60_000 },
    async () => {
      await using server = await startOpenAIServer();
      const run = await locate(server, [photos!, '--json', '--quiet']);
      expect(run.exitCode, run.stderr).toBe(0);
      expect(server.requests).toHaveLength(77);
      const truth = await readFile(join(photos!, 'photos.csv'), 'utf8');
      const rows = truth
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
      expect(rows).toHaveLength(77);
      for (const request of server.requests) {
        const image = onlyImage(request);
        expect(metadataBlocks(image)).toEqual([]);
        const text = image.toString('latin1');
        const outside = words(request) + text.slice(0, 1024) + text.slice(-64);
        for (const leak of ['latitude', 'longitude', 'geo:lat', 'owner:', 'title:', 'tags:']) {
          expect(text + outside).not.toContain(leak);
        }
        for (const [, latitude, longitude, , owner, id] of rows) {
          for (const value of [latitude!, longitude!, owner!, id!]) expect(outside).not.toContain(value);
        }
      }
    },
  );
});

describe('globe locate', () => {
  it('survives a server that answers 429, 500, half a body or nothing, or drops the connection', async () => {
    const faults: Fault[] = [
      { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
      { kind: 'status', status: 500 },
      { kind: 'half-body' },
      { kind: 'empty-body' },
      { kind: 'reset' },
    ];
    await using server = await startOpenAIServer({ fault: (index) => faults[index] });
    const run = await locate(server, ['album', '--json']);
    expect(run.exitCode, run.stderr).toBe(0);
    const { results } = JSON.parse(run.stdout);
    expect(results.map(({ kind }: { kind: string }) => kind)).toEqual(['located', 'located', 'located']);
    expect(server.requestCount()).toBe(3 + faults.length);
    expect(run.stderr.match(/Attempt \d failed/g)).toHaveLength(faults.length);
  });

  it('reports a bad file in its place, continues, and exits with 2', async () => {
    await using server = await startOpenAIServer();
    const run = await locate(server, ['broken.jpg', 'album', 'none.jpg', '--json']);
    expect(run.exitCode).toBe(2);
    const { results } = JSON.parse(run.stdout);
    expect(results.map(({ image, kind }: Record<string, string>) => `${image} ${kind}`)).toEqual([
      'broken.jpg failed',
      'album/a.jpg located',
      'album/b.png located',
      'album/more/c.jpeg located',
      'none.jpg failed',
    ]);
    expect(results[0].error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('cut short') });
    expect(results[4].error).toMatchObject({ code: 'not-found' });
    expect(run.stderr).toContain('2 of 5 photos failed');
  });

  it('reports a photo that a content filter rejects, continues, and exits with 1', async () => {
    await using server = await startOpenAIServer({ fault: (index) => (index === 0 ? CONTENT_FILTER : undefined) });
    const run = await locate(server, ['album', '--json', '--concurrency', '1']);
    expect(run.exitCode).toBe(1);
    const { results } = JSON.parse(run.stdout);
    expect(results.filter(({ kind }: { kind: string }) => kind === 'located')).toHaveLength(2);
    expect(results.find(({ kind }: { kind: string }) => kind === 'failed').error.code).toBe('rejected');
  });

  it('reports the photo’s EXIF position, uses it as the location, or ignores it', async () => {
    await using server = await startOpenAIServer();
    const one = async (mode: string) =>
      JSON.parse((await locate(server, ['album/a.jpg', '--json', '--metadata', mode])).stdout).results[0];
    const report = await one('report');
    expect(report).toMatchObject({
      positionFrom: 'model',
      coordinate: { latitudeDegrees: 48.85341 },
      exif: { coordinate: { latitudeDegrees: 48.8583 }, takenAt: '2024-05-06T07:08:09+02:00' },
    });
    expect(report.exifDistanceKm).toBeCloseTo(4, 0);
    expect(await one('use')).toMatchObject({
      positionFrom: 'exif',
      coordinate: { latitudeDegrees: 48.8583, longitudeDegrees: 2.2945 },
      granularity: 'coordinate',
      place: { country: 'France' },
      model: { place: { city: 'Paris' } },
    });
    expect(await one('ignore')).not.toHaveProperty('exif');
  });

  it('lets samples vote, and chooses the granularity on which they agree', async () => {
    const cities = ['Paris', 'Marseille', 'Lyon'];
    await using server = await startOpenAIServer({
      answer: (_, i) => `<think>x</think><answer>country: France\ncity: ${cities[i % 3]}</answer>`,
    });
    const run = await locate(server, ['album/b.png', '--json', '--samples', '3', '--granularity', 'country,city']);
    expect(JSON.parse(run.stdout).results[0]).toMatchObject({
      granularity: 'country',
      place: { country: 'France' },
      confidence: 1,
    });
    expect(server.requests[0]!.body).toMatchObject({ n: 3, temperature: 0.6 });
  });

  it('prints text, GeoJSON, CSV and a self-contained page', async () => {
    await using server = await startOpenAIServer();
    const format = async (name: string) => (await locate(server, ['album', 'broken.jpg', '--format', name])).stdout;
    const text = await format('text');
    expect(text).toContain('album/a.jpg\n  Paris, Île-de-France, France\n  48.8534, 2.3488\n  EXIF: taken 2024-05-06');
    const { features } = JSON.parse(await format('geojson'));
    expect(features.map(({ geometry }: { geometry: unknown }) => geometry)).toEqual([
      { type: 'Point', coordinates: [2.3488, 48.85341] },
      { type: 'Point', coordinates: [2.3488, 48.85341] },
      { type: 'Point', coordinates: [2.3488, 48.85341] },
      null,
    ]);
    const lines = (await format('csv')).trim().split('\n');
    expect(lines[0]).toMatch(/^image,kind,country,region,city,latitude,longitude,/);
    expect(lines).toHaveLength(5);
    const page = await format('html');
    expect(page.match(/<img src="data:image\/jpeg;base64,/g)).toHaveLength(3);
    expect(page).toContain('<path class="land"');
    expect(page).not.toMatch(/(?:src|href)="(?!data:|#)/);
  });

  it('fetches a URL only with permission', async () => {
    await using server = await startOpenAIServer();
    const photo = await photoWithMetadata();
    const web = createServer((request, response) => {
      response.statusCode = request.url === '/photo.jpg' ? 200 : 404;
      response.end(request.url === '/photo.jpg' ? photo : '');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    try {
      const refused = await locate(server, [`${url}/photo.jpg`]);
      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toContain('Add --allow-url');
      const fetched = await locate(server, [`${url}/photo.jpg`, `${url}/none.jpg`, '--allow-url', '--json']);
      expect(fetched.exitCode).toBe(1);
      expect(JSON.parse(fetched.stdout).results).toMatchObject([
        { kind: 'located', exif: { coordinate: {} } },
        { kind: 'failed', error: { message: `${url}/none.jpg answered 404 Not Found.` } },
      ]);
    } finally {
      web.close();
    }
  });

  it('exits with 130 at Ctrl-C even if the server never answers', async () => {
    await using server = await startOpenAIServer({ fault: () => ({ kind: 'hang' }) });
    const running = runGlobe(['locate', 'album', '--model', `${server.baseUrl}#m`], {
      cwd: folder,
      started: async (child) => {
        await server.received(1);
        child.kill('SIGINT');
      },
    });
    expect(await running).toMatchObject({ exitCode: 130, stderr: expect.stringMatching(/Interrupted\.\n$/) });
  });

  it('replays recorded responses without a server, in its own process', async () => {
    await writeFile(join(folder, 'script.jsonl'), JSON.stringify({ completions: ['country: Japan\ncity: Hamada'] }));
    const run = await runGlobe(['locate', 'album/b.png', '--model', 'scripted:script.jsonl', '--json'], {
      cwd: folder,
    });
    expect(JSON.parse(run.stdout).results[0]).toMatchObject({ kind: 'located', place: { city: 'Hamada' } });
  });

  it('takes a retriever by the same option as a model that writes text', async () => {
    // GeoCLIP caches its gallery beside the model, so the test opens a copy.
    const geoclip = join(folder, 'geoclip');
    await cp(join(import.meta.dirname, '..', 'src', 'locator', 'geoclip', 'fixtures'), geoclip, { recursive: true });
    const args = ['locate', 'album/b.png', '--model', `geoclip:${geoclip}`];
    const run = await runGlobeHere([...args, '--json', '--quiet'], { cwd: folder });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout).results[0]).toMatchObject({ kind: 'located', positionFrom: 'model' });
    const sampled = await runGlobeHere([...args, '--samples', '3'], { cwd: folder });
    expect(sampled).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('GeoCLIP gives one position') });
  });

  it('creates the folder of its output', async () => {
    await writeFile(join(folder, 'script.jsonl'), JSON.stringify({ completions: ['country: Japan\ncity: Hamada'] }));
    const output = ['--json', '--quiet', '--output', 'new/deep/out.json'];
    const run = await runGlobeHere(['locate', 'album/b.png', '--model', 'scripted:script.jsonl', ...output], {
      cwd: folder,
    });
    expect(run).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await readFile(join(folder, 'new/deep/out.json'), 'utf8')).toContain('Hamada');
  });

  it.each([
    [['album', '--model', 'nonsense'], /Unknown model: nonsense/],
    [['album', '--granularity', 'street'], /Unknown level "street"/],
    [['album', '--samples', '0'], /below 1/],
    [['album', '--json', '--format', 'csv'], /cannot be used together/],
    [['album', '--output', 'album'], /Cannot write to album: it is a folder/],
    [['album', '--output', 'album/b.png/out.json'], /Cannot create the folder/],
  ])('rejects %j with a reason', async (args, reason) => {
    const run = await runGlobeHere(['locate', ...args], { cwd: folder });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(reason);
    expect(run.stdout).toBe('');
  });
});
