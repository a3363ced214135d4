import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_ANSWER_BYTES } from './answer-limit.ts';
import { httpFetch, type InPieces } from './http-fetch.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serving(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('httpFetch', () => {
  it('stops reading an answer beyond the limit, compressed or not', async () => {
    const piece = Buffer.alloc(1024 * 1024);
    const url = await serving((request, response) => {
      if (request.url === '/zip') {
        response.setHeader('content-encoding', 'gzip');
        return response.end(gzipSync(Buffer.alloc(MAX_ANSWER_BYTES + 1)));
      }
      const more = (): void => void (response.destroyed || response.write(piece, more));
      return more();
    });
    await expect(httpFetch()(url)).rejects.toThrow('larger than');
    await expect(httpFetch()(`${url}zip`)).rejects.toThrow('larger than');
  });

  it('sends method, headers and body, and returns status, headers and body', async () => {
    const url = await serving((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        response.writeHead(418, { 'content-type': 'application/json', 'retry-after': '7' });
        response.end(JSON.stringify({ method: request.method, key: request.headers['x-key'], body }));
      });
    });
    const init = { method: 'POST', headers: { 'X-Key': 'k' }, body: Buffer.from('ä€') };
    const response = await httpFetch()(url, init);
    expect(response.status).toBe(418);
    expect(response.headers.get('Retry-After')).toBe('7');
    expect(await response.json()).toEqual({ method: 'POST', key: 'k', body: 'ä€' });
  });

  it('sends a body in pieces as one, with its length', async () => {
    const url = await serving((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => response.end(`${request.headers['content-length']} ${Buffer.concat(chunks).toString()}`));
    });
    const init: RequestInit & InPieces = { method: 'POST', pieces: ['a', 'ä', ''].map((text) => Buffer.from(text)) };
    expect(await (await httpFetch()(url, init)).text()).toBe('3 aä');
  });

  it('reuses its connection for the next call', async () => {
    const ports = new Set<number>();
    const url = await serving((request, response) => {
      ports.add(request.socket.remotePort!);
      response.writeHead(204).end();
    });
    const fetch = httpFetch();
    for (let i = 0; i < 3; i++) expect((await fetch(url)).status).toBe(204);
    expect(ports.size).toBe(1);
  });

  it('rejects with the reason of a signal that aborts before or during the call', async () => {
    const controller = new AbortController();
    const url = await serving(() => controller.abort(new Error('enough')));
    await expect(httpFetch()(url, { signal: controller.signal })).rejects.toThrow('enough');
    await expect(httpFetch()(url, { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('also aborts by the second signal while the first does not abort', async () => {
    const [end, never] = [new AbortController(), new AbortController()];
    const url = await serving(() => end.abort(new Error('enough')));
    const init: RequestInit & InPieces = { method: 'POST', pieces: [], end: end.signal, signal: never.signal };
    await expect(httpFetch()(url, init)).rejects.toThrow('enough');
    await expect(httpFetch()(url, init)).rejects.toThrow('enough');
  });

  it('rejects when no server answers, and when an answer breaks off', async () => {
    const url = await serving((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    await expect(httpFetch()(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
    server.close();
    server.closeAllConnections();
    await once(server, 'close').catch(() => undefined);
    await expect(httpFetch()(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
