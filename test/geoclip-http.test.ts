/** Tests a GPS annotator over HTTP, with a loopback server that produces faults on demand. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpLocator } from '../src/locator/geoclip/http-locator.ts';
import type { HttpLocatorOptions } from '../src/locator/geoclip/http-locator.ts';
import { testClock } from './support/clock.ts';

const image = {
  bytes: Uint8Array.of(1, 2, 3),
  mediaType: 'image/png' as const,
  widthPixels: 1,
  heightPixels: 1,
  sha256: 'none',
};
const { signal } = new AbortController();
const answer = { latitude: 48.8, longitude: 2.3, confidence: 0.25, model: 'geoclip' };

type Handler = (request: IncomingMessage, response: ServerResponse, call: number) => void;
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (close) => close()));
});

/**
 * Starts a loopback server that handles each request with the next handler. The last handler also handles all later
 * requests.
 */
async function serve(
  ...handlers: Handler[]
): Promise<{ url: string; requests: { type?: string; key?: string; body: Buffer }[] }> {
  const requests: { type?: string; key?: string; body: Buffer }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'content-type': type, authorization: key } = request.headers;
      requests.push({ body: Buffer.concat(chunks), ...(type && { type }), ...(key && { key }) });
      handlers[Math.min(requests.length, handlers.length) - 1]!(request, response, requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/locate?key=1`, requests };
}

const json =
  (body: unknown, status = 200): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

const locate = async (options: HttpLocatorOptions) =>
  httpLocator({ clock: testClock(), random: () => 0, ...options }).locate(image, { signal });

describe('a GPS annotator over HTTP', () => {
  it('sends the image and reads position and confidence', async () => {
    const { url, requests } = await serve(json(answer));
    const location = await locate({ url, apiKey: 'secret-key', gazetteer: { reverse: () => ({ country: 'France' }) } });
    expect(location).toMatchObject({
      kind: 'located',
      coordinate: { latitudeDegrees: 48.8, longitudeDegrees: 2.3 },
      confidence: 0.25,
      place: { country: 'France' },
      granularity: 'coordinate',
    });
    expect(requests).toEqual([{ body: Buffer.from([1, 2, 3]), type: 'image/png', key: 'Bearer secret-key' }]);
  });

  it('retries after an overload, a fault and a broken connection', async () => {
    const reset: Handler = (_, response) => response.socket?.resetAndDestroy();
    const { url, requests } = await serve(json({}, 503), json({}, 429), reset, json(answer));
    const clock = testClock();
    expect((await locate({ url, clock })).confidence).toBe(0.25);
    expect(requests).toHaveLength(4);
    expect(clock.slept).toHaveLength(3);
  });

  it('does not retry an image that the server rejects', async () => {
    const { url, requests } = await serve(json({ error: 'too large' }, 413));
    await expect(locate({ url })).rejects.toMatchObject({ code: 'rejected', retryable: false });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['a latitude outside of the Earth', { ...answer, latitude: 91 }],
    ['no confidence', { latitude: 1, longitude: 2 }],
    ['a position in text', { ...answer, latitude: '48.8' }],
    ['nothing', null],
  ])('rejects an answer with %s instead of inventing a position', async (_, body) => {
    const { url } = await serve(json(body));
    await expect(locate({ url })).rejects.toThrow('without a position');
  });

  it('gives up at the deadline', async () => {
    const clock = testClock();
    const { url } = await serve(() => clock.expire());
    await expect(locate({ url, clock, retry: { maxAttempts: 1 } })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('keeps the key and the query out of messages', async () => {
    const { url } = await serve(json('the key secret-key is wrong', 401));
    await expect(locate({ url, apiKey: 'secret-key' })).rejects.toThrow(/^(?!.*secret-key)(?!.*key=1).*401/);
  });
});
