import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { connect, type Socket } from 'node:net';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bodiesUpTo } from './body-limits.ts';
import { listen, type Listening } from './listen.ts';

const app = (): Hono => new Hono().get('/health', (c) => c.text('ok'));

/** Creates an app that does not print errors, because the clients in these tests close their connections. */
function quiet(): Hono {
  const app = new Hono();
  app.onError((_, c) => c.text('error', 500));
  return app;
}

async function status(url: string, headers: Record<string, string>): Promise<number> {
  const sent = request(new URL('/health', url), { headers }).end();
  const [response] = await once(sent, 'response');
  return response.resume().statusCode;
}

it('refuses requests of web pages to loopback, and accepts programs', async () => {
  const server = await listen(app(), { host: '127.0.0.1', port: 0 });
  expect(await status(server.url, {})).toBe(200);
  expect(await status(server.url, { host: 'localhost:1' })).toBe(200);
  expect(await status(server.url, { origin: 'http://localhost:3000' })).toBe(200);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1']) {
    expect(await status(server.url, { host }), host).toBe(403);
    expect(await status(server.url, { origin: `http://${host}` }), host).toBe(403);
  }
  expect(await status(server.url, { origin: 'null' })).toBe(403);
  await server.close();
});

/** Creates an app that accepts bodies up to 100 kB. It answers requests to `/closed` without reading the body. */
const limited = (): Hono =>
  new Hono()
    .use(bodiesUpTo(100_000))
    .post('/closed', (c) => c.text('no', 401))
    .post('/', async (c) => c.text(String((await c.req.text()).length)));

it.each([
  ['a refused request', '/closed', { 'content-length': 90_000 }, 90_000, 401],
  ['a body of too large a length', '/', { 'content-length': 3_000_000 }, 3_000_000, 413],
  ['too many chunks', '/', {}, 3_000_000, 413],
  ['chunks', '/', {}, 90_000, 200],
])('answers %s, and the next request on the same connection', async (_, path, headers, bytes, expected) => {
  const server = await listen(limited(), { host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = async (to: string, headersOfBody: object, size: number) => {
    const sent = request(new URL(to, server.url), { method: 'POST', agent, headers: { ...headersOfBody } });
    const answer = once(sent, 'response') as Promise<[IncomingMessage]>;
    sent.write('x'.repeat(size / 2));
    await wait(20);
    sent.end('x'.repeat(size / 2));
    const [response] = await answer;
    await response.resume().toArray();
    return { status: response.statusCode, reused: sent.reusedSocket };
  };
  expect(await post(path, headers, bytes)).toEqual({ status: expected, reused: false });
  // Some adapters read the rest of a body in the background, then close the connection after a delay. The wait is
  // longer than that delay.
  await wait(700);
  expect(await post('/', { 'content-length': 10 }, 10)).toEqual({ status: 200, reused: true });
  agent.destroy();
  await server.close();
});

it('answers an unusable Host or path with JSON', async () => {
  const server = await listen(app(), { host: '127.0.0.1', port: 0 });
  const sent = request(server.url, { headers: { host: 'localhost:99999' } }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const text = Buffer.concat((await response.toArray()) as Buffer[]).toString();
  expect([response.statusCode, JSON.parse(text)]).toEqual([400, { error: expect.stringContaining('Host') as unknown }]);
  await server.close();
});

it.each(['', ' ', '\t\n'])('refuses the blank token %j on every address', async (token) => {
  for (const host of ['0.0.0.0', '127.0.0.1']) {
    await expect(listen(app(), { host, port: 0, token })).rejects.toThrow('blank');
  }
});

it('answers 503 to large bodies beyond the sum under way, and still reads small ones', async () => {
  const MEBIBYTE = 1024 * 1024;
  const limited = quiet()
    .use(bodiesUpTo(MEBIBYTE))
    .post('/', async (c) => c.text(await c.req.text()));
  const server = await listen(limited, { host: '127.0.0.1', port: 0 });
  const unfinished = Array.from({ length: 4 }, () => {
    const sent = request(server.url, { method: 'POST', headers: { 'content-length': MEBIBYTE } });
    sent.on('error', () => undefined).write('x');
    return sent;
  });
  const post = (body: string): Promise<Response> => fetch(server.url, { method: 'POST', body });
  const large = 'x'.repeat(MEBIBYTE);
  await expect.poll(async () => (await post(large)).status).toBe(503);
  expect(await (await post('small')).text()).toBe('small');
  for (const sent of unfinished) sent.destroy();
  await expect.poll(async () => (await post(large)).status).toBe(200);
  await server.close();
});

it('counts a body of unknown size as one of the largest size', async () => {
  const MEBIBYTE = 1024 * 1024;
  const limited = quiet()
    .use(bodiesUpTo(MEBIBYTE))
    .post('/', async (c) => c.text(await c.req.text()));
  const server = await listen(limited, { host: '127.0.0.1', port: 0 });
  const unfinished = Array.from({ length: 4 }, () => {
    const sent = request(server.url, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    sent.on('error', () => undefined).write('x');
    return sent;
  });
  const post = (body: string): Promise<Response> => fetch(server.url, { method: 'POST', body });
  await expect.poll(async () => (await post('x'.repeat(MEBIBYTE))).status).toBe(503);
  expect(await (await post('small')).text()).toBe('small');
  for (const sent of unfinished) sent.destroy();
  await server.close();
});

describe('a client that keeps connections busy', () => {
  const limits = { connections: 3, requestMs: 400, headersMs: 200, checkEveryMs: 50, headerBytes: 16 * 1024 };
  const START = 'POST / HTTP/1.1\r\nhost: localhost\r\n';
  let server: Listening;
  beforeEach(async () => {
    const echo = quiet()
      .get('/health', (c) => c.text('ok'))
      .post('/', async (c) => c.text(await c.req.text()));
    server = await listen(echo, { host: '127.0.0.1', port: 0, limits });
  });
  afterEach(() => server.close());

  const open = (): Socket => connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
  /** Returns everything that the server sends before it closes the connection. */
  const answerOn = async (socket: Socket): Promise<string> => {
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    await new Promise((resolve) => socket.on('close', resolve));
    return text;
  };

  /** Sends `piece` every 20 ms, so that the connection is never idle. */
  async function trickle(start: string, piece: string): Promise<{ answer: string; ms: number }> {
    const socket = open();
    socket.write(start);
    const timer = setInterval(() => socket.writable && socket.write(piece), 20);
    const began = performance.now();
    const answer = await answerOn(socket).finally(() => clearInterval(timer));
    return { answer, ms: performance.now() - began };
  }

  /**
   * Matches status 408, or no answer. There is no answer if the client's next byte reset the connection before the
   * answer was read.
   */
  const TOO_LATE = /^(?:HTTP\/1\.1 408 |$)/u;

  it('with headers that arrive byte by byte gets 408', async () => {
    const { answer, ms } = await trickle(START, 'x');
    expect(answer).toMatch(TOO_LATE);
    expect(ms).toBeGreaterThan(150);
    expect(ms).toBeLessThan(5000);
  });

  it('with a body that arrives byte by byte gets 408', async () => {
    const { answer, ms } = await trickle(`${START}content-length: 100000\r\n\r\n`, 'x');
    expect(answer).toMatch(TOO_LATE);
    expect(ms).toBeGreaterThan(300);
    expect(ms).toBeLessThan(5000);
  });

  it('with a chunked body that arrives byte by byte gets 408', async () => {
    const { answer } = await trickle(`${START}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n');
    expect(answer).toMatch(TOO_LATE);
  });

  it('with headers above the limit gets 431', async () => {
    const socket = open();
    socket.write(`${START}x-long: ${'x'.repeat(limits.headerBytes)}\r\n\r\n`);
    expect(await answerOn(socket)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('cannot open more connections than the limit, and others can connect once it closes one', async () => {
    await server.close();
    const patient = { ...limits, requestMs: 60_000, headersMs: 60_000 };
    server = await listen(
      quiet().get('/health', (c) => c.text('ok')),
      { host: '127.0.0.1', port: 0, limits: patient },
    );
    const sockets = Array.from({ length: limits.connections }, open);
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    expect(await answerOn(open())).toBe('');
    sockets[0]!.destroy();
    await expect
      .poll(() =>
        fetch(`${server.url}/health`).then(
          ({ status }) => status,
          () => undefined,
        ),
      )
      .toBe(200);
    for (const socket of sockets) socket.destroy();
  });
});
