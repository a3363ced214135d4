import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defined } from '../../core/defined.ts';
import { type TestClock, testClock } from '../../../test/support/clock.ts';
import type { Geocoder } from '../gazetteer.ts';
import { testGazetteer } from '../test-gazetteer.ts';
import { azureMaps } from './azure-maps.ts';
import { openFileCache } from './file-cache.ts';
import { nominatim } from './nominatim.ts';
import { offlineGeocoder } from './offline.ts';
import type { RemoteOptions } from './remote.ts';

const KEY = 'azure-secret-key';
const { signal } = new AbortController();

/** A response in the documented format of Azure Maps' Get Geocoding. */
const azureParis = {
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [2.35138, 48.8567] },
      properties: {
        type: 'PopulatedPlace',
        confidence: 'High',
        matchCodes: ['Good'],
        address: {
          countryRegion: { ISO: 'FR', name: 'France' },
          adminDistricts: [{ name: 'Île-de-France' }, { name: 'Paris' }],
          locality: 'Paris',
          formattedAddress: 'Paris, Île-de-France, France',
        },
      },
    },
  ],
};

/** A response in the documented format of Nominatim's search (jsonv2 with address details). */
const nominatimParis = [
  {
    place_id: 1,
    licence: 'Data © OpenStreetMap contributors, ODbL 1.0.',
    lat: '48.8534951',
    lon: '2.3483915',
    category: 'boundary',
    type: 'administrative',
    addresstype: 'city',
    name: 'Paris',
    display_name: 'Paris, Île-de-France, France métropolitaine, France',
    address: { city: 'Paris', state: 'Île-de-France', country: 'France', country_code: 'fr' },
  },
];

type Served = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> };

/** Creates a fetch that returns the answers in order and records the requests. */
function recordedFetch(...answers: readonly Served[]): {
  fetch: typeof fetch;
  requests: { url: URL; headers: Headers }[];
} {
  const requests: { url: URL; headers: Headers }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { status, body, headers } = answers[requests.length]!;
    requests.push({ url: new URL(input instanceof Request ? input.url : input), headers: new Headers(init?.headers) });
    return Promise.resolve(new Response(JSON.stringify(body), { status, ...defined({ headers }) }));
  };
  return { fetch, requests };
}

function options(fetch: typeof globalThis.fetch, clock: TestClock = testClock()): RemoteOptions {
  return { fetch, clock, random: () => 0.5 };
}

const paris = { city: 'Paris', country: 'France' };

describe('Azure Maps', () => {
  const azure = (fetch: typeof globalThis.fetch, clock?: TestClock) =>
    azureMaps({ ...options(fetch, clock), apiKey: KEY });

  it('gets "city, country" as one string, with the key in a header and not in the URL', async () => {
    const { fetch, requests } = recordedFetch({ status: 200, body: azureParis });
    await azure(fetch).geocode(paris, { signal });
    expect(requests[0]!.url.searchParams.get('query')).toBe('Paris, France');
    expect(requests[0]!.url.href).not.toContain(KEY);
    expect(requests[0]!.headers.get('subscription-key')).toBe(KEY);
  });

  it.each([
    [{ country: 'South Africa' }, 'South Africa'],
    [{ city: 'Cape Town', country: 'South Africa' }, 'Cape Town, South Africa'],
    [{ city: 'Ocean City', country: 'USA' }, 'Ocean City, USA'],
    [{ city: 'Unknown', country: 'USA' }, 'USA'],
    [{ city: 'Not specified', region: 'N/A', country: 'Central African Republic' }, 'Central African Republic'],
  ])('gets the names of %o even if they consist of uninformative words', async (place, query) => {
    const { fetch, requests } = recordedFetch({ status: 200, body: azureParis });
    await azure(fetch).geocode(place, { signal });
    expect(requests[0]!.url.searchParams.get('query')).toBe(query);
  });

  it('returns place, coordinate and provenance', async () => {
    const { fetch } = recordedFetch({ status: 200, body: azureParis });
    expect(await azure(fetch).geocode(paris, { signal })).toMatchObject({
      kind: 'found',
      granularity: 'city',
      matchedBy: 'exact',
      place: { city: 'Paris', region: 'Île-de-France', country: 'France', countryCode: 'FR' },
      coordinate: { latitudeDegrees: 48.8567, longitudeDegrees: 2.35138 },
      provenance: { provider: 'azure-maps', version: 'geocode 2025-01-01' },
    });
  });

  it('gets no request for an uninformative place, and reports an unknown place as not found', async () => {
    const { fetch, requests } = recordedFetch({ status: 200, body: { features: [] } });
    const geocoder = azure(fetch);
    expect(await geocoder.geocode({ city: 'Unknown', country: '' }, { signal })).toMatchObject({ kind: 'notFound' });
    expect(requests).toHaveLength(0);
    expect(await geocoder.geocode({ country: 'Atlantis' }, { signal })).toMatchObject({ kind: 'notFound' });
  });

  it('gets a retry after its Retry-After when busy', async () => {
    const clock = testClock();
    const busy = { status: 429, body: 'slow down', headers: { 'retry-after': '7' } };
    const { fetch, requests } = recordedFetch(busy, { status: 200, body: azureParis });
    expect(await azure(fetch, clock).geocode(paris, { signal })).toMatchObject({ kind: 'found' });
    expect(requests).toHaveLength(2);
    expect(clock.slept[0]).toBeGreaterThanOrEqual(7000);
  });

  it('rejects a bad key at once, without quoting it', async () => {
    const { fetch, requests } = recordedFetch({ status: 401, body: `key ${KEY} is not valid` });
    const error = await azure(fetch)
      .geocode(paris, { signal })
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'rejected', hint: expect.stringContaining('AZURE_MAPS_KEY') as string });
    expect(String(error)).not.toContain(KEY);
    expect(requests).toHaveLength(1);
  });

  it('reports an answer of another shape', async () => {
    const { fetch } = recordedFetch({ status: 200, body: { results: [] } });
    await expect(azure(fetch).geocode(paris, { signal })).rejects.toMatchObject({ code: 'service', retryable: false });
  });

  it('needs a key', () => {
    expect(() => azureMaps({ ...options(fetch), apiKey: undefined })).toThrow(/needs an API key/);
  });
});

describe('Nominatim', () => {
  const service = (fetch: typeof globalThis.fetch, clock?: TestClock): Geocoder =>
    nominatim({ ...options(fetch, clock), userAgent: 'globe/0.1 (me@example.org)' });

  it('gets an identifying User-Agent and at most one request a second', async () => {
    const clock = testClock();
    const answer = { status: 200, body: nominatimParis };
    const { fetch, requests } = recordedFetch(answer, answer, answer);
    const geocoder = service(fetch, clock);
    for (let i = 0; i < 3; i++) await geocoder.geocode(paris, { signal });
    expect(requests[0]!.headers.get('user-agent')).toBe('globe/0.1 (me@example.org)');
    // The test clock does not advance, so each further call waits one interval longer.
    expect(clock.slept).toEqual([1100, 2200]);
  });

  it('returns place and coordinate', async () => {
    const { fetch } = recordedFetch({ status: 200, body: nominatimParis });
    expect(await service(fetch).geocode(paris, { signal })).toMatchObject({
      granularity: 'city',
      place: { city: 'Paris', region: 'Île-de-France', country: 'France', countryCode: 'FR' },
      coordinate: { latitudeDegrees: 48.8534951, longitudeDegrees: 2.3483915 },
    });
  });

  it('stops when it is interrupted', async () => {
    const { fetch } = recordedFetch({ status: 200, body: nominatimParis });
    const aborted = AbortSignal.abort();
    await expect(service(fetch).geocode(paris, { signal: aborted })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the cache', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'globe-cache-'));
  });
  afterEach(async () => rm(folder, { recursive: true }));

  it('answers across processes without a call, and reports it', async () => {
    const path = join(folder, 'nominatim.jsonl');
    const { fetch, requests } = recordedFetch({ status: 200, body: nominatimParis });
    const first = nominatim({ ...options(fetch), userAgent: 'test', cache: await openFileCache(path) });
    await first.geocode(paris, { signal });
    const second = nominatim({ ...options(fetch), userAgent: 'test', cache: await openFileCache(path) });
    const result = await second.geocode(paris, { signal });
    expect(requests).toHaveLength(1);
    expect(result).toMatchObject({ place: { city: 'Paris' }, provenance: { provider: 'nominatim', cached: true } });
  });

  it('drops a line that a kill cut short', async () => {
    const path = join(folder, 'cache.jsonl');
    await writeFile(path, '{"key":"a","result":{"kind":"notFound","reason":"r"}}\n{"key":"b","res');
    const cache = await openFileCache(path);
    expect([cache.get('a'), cache.get('b')]).toEqual([{ kind: 'notFound', reason: 'r' }, undefined]);
    await cache.set('b', { kind: 'notFound', reason: 's' });
    expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(2);
  });
});

it('the offline gazetteer implements the same interface', async () => {
  const geocoder = offlineGeocoder(testGazetteer());
  expect(await geocoder.geocode(paris, { signal })).toEqual(testGazetteer().geocode(paris));
});
