/**
 * Tests GeoCLIP with files from a hub. A loopback server provides the fixture's files under the file names of the
 * authors' release and of the ONNX tower. Like the real hub, it redirects requests for large files. No request goes to
 * the real hub.
 */
import { once } from 'node:events';
import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { env } from '@huggingface/transformers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openGpsAnnotator } from '../src/cli/curate/instrument-providers.ts';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';
import type { PreparedImage } from '../src/image/prepared-image.ts';
import { openGeoClip } from '../src/locator/geoclip/geoclip-locator.ts';
import { GEOCLIP_REPOSITORY } from '../src/locator/geoclip/release.ts';

const fixtures = fileURLToPath(new URL('../src/locator/geoclip/fixtures/', import.meta.url));
const TOWER = 'Xenova/clip-vit-large-patch14';
const { signal } = new AbortController();
const image: PreparedImage = {
  bytes: await readFile(join(fixtures, 'drawing.png')),
  mediaType: 'image/png',
  widthPixels: 97,
  heightPixels: 61,
  sha256: 'drawing',
};

let folder: string;
let cacheFolder: string;
let hub: Server;
/** URLs of all requests. */
const asked: string[] = [];
/** Name of the file that the server sends incompletely. */
let cut: string | undefined;
const remoteHost = env.remoteHost;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-hub-'));
  hub = createServer((request, response) => {
    const url = request.url!;
    asked.push(url);
    const place = /^\/(?:elsewhere\/)?([^/]+\/[^/]+)\/resolve\/main\/(.+)$/.exec(url);
    const base = { [GEOCLIP_REPOSITORY]: fixtures, [TOWER]: join(fixtures, 'clip') }[place?.[1] ?? ''];
    if (base === undefined) return response.writeHead(401).end('Repository not found');
    if (!url.startsWith('/elsewhere/') && /safetensors|onnx$/.test(url)) {
      return response.writeHead(302, { location: `/elsewhere${url}` }).end();
    }
    void readFile(join(base, place![2]!)).then((bytes) => {
      response.writeHead(200, { 'content-length': bytes.length });
      if (cut === undefined || !url.endsWith(cut)) return response.end(bytes);
      return response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    });
  }).listen(0, '127.0.0.1');
  await once(hub, 'listening');
  env.remoteHost = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/`;
});
beforeEach(async () => {
  cacheFolder = await mkdtemp(join(folder, 'cache-'));
  asked.length = 0;
  cut = undefined;
});
afterAll(async () => {
  env.remoteHost = remoteHost;
  hub.close();
  await rm(folder, { recursive: true });
});

const open = async (source: string, allowDownload: boolean) =>
  openGeoClip({ folder: source, hub: { allowDownload, cacheFolder } });

/** Returns the ranking that the fixture gives if it is opened from a local folder. */
async function expected() {
  await using local = await openGeoClip({ folder: fixtures, cacheFolder });
  return await local.rank(image, { signal });
}

describe('GeoCLIP from the hub', () => {
  it('is fetched only if downloads are allowed, and names missing files otherwise', async () => {
    await expect(open(GEOCLIP_REPOSITORY, false)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(`config.json of ${GEOCLIP_REPOSITORY} is not in ${cacheFolder}`),
      hint: expect.stringContaining('--allow-download'),
    });
    expect(asked).toEqual([]);
  });

  it('is the same model as from a folder, fetched once', async () => {
    {
      await using geoclip = await open(GEOCLIP_REPOSITORY, true);
      expect(await geoclip.rank(image, { signal })).toEqual(await expected());
    }
    const files = asked.filter((url) => !url.startsWith('/elsewhere/'));
    expect(files.map((url) => url.split('/resolve/main/')[1])).toEqual([
      'config.json',
      'model.safetensors',
      'coordinates_100K.csv',
      'preprocessor_config.json',
      'onnx/vision_model.onnx',
    ]);
    asked.length = 0;
    await using again = await open(GEOCLIP_REPOSITORY, false);
    expect(await again.rank(image, { signal })).toEqual(await expected());
    expect(asked).toEqual([]);
  });

  it('provides the tower named in the config of a converted folder without clip/', async () => {
    const converted = join(cacheFolder, 'converted');
    await cp(fixtures, converted, { recursive: true });
    await rm(join(converted, 'clip'), { recursive: true });
    await expect(open(converted, false)).rejects.toThrow(`preprocessor_config.json of ${TOWER} is not in`);
    await using geoclip = await open(converted, true);
    expect(await geoclip.rank(image, { signal })).toEqual(await expected());
    expect(asked.every((url) => url.includes(TOWER))).toBe(true);
  });

  it('does not keep a truncated file', async () => {
    cut = 'model.safetensors';
    await expect(open(GEOCLIP_REPOSITORY, true)).rejects.toMatchObject({ code: 'service', retryable: true });
    expect(await readdir(join(cacheFolder, GEOCLIP_REPOSITORY))).toEqual(['config.json']);
    cut = undefined;
    await using geoclip = await open(GEOCLIP_REPOSITORY, true);
    expect(geoclip.name).toBe('geoclip');
  });

  it('names the missing repository and the one that exists', async () => {
    await expect(open('models/nowhere', true)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(
        /models\/nowhere is neither a folder nor an available repository: .* answered 401/,
      ),
      hint: expect.stringContaining(`geoclip:${GEOCLIP_REPOSITORY} with --allow-download`),
    });
  });

  it('serves a recipe with geoclip:OWNER/NAME and --allow-download', async () => {
    vi.stubEnv('GLOBE_CACHE', cacheFolder);
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const gps = await openGpsAnnotator(`geoclip:${GEOCLIP_REPOSITORY}`, {
        input: folder,
        gazetteer: openGazetteer(),
        grounder: await openGrounder(),
        yes: true,
        allowDownload: true,
        quiet: true,
      });
      const [best] = await expected();
      expect(await gps.locate(image, { signal })).toMatchObject({ kind: 'located', coordinate: best!.coordinate });
      expect(stderr.mock.calls.join('')).toMatch(/Fetching http:\S+vision_model\.onnx \([\d.]+ MB\)/);
    } finally {
      stderr.mockRestore();
      vi.unstubAllEnvs();
    }
  });
});
