/** Serves an app on a network address. Every address except loopback requires a token. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server';
import { invalidInput } from '../core/errors.ts';

export type Listening = { readonly url: string; close(): Promise<void> };

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Limits that a client cannot change. They end clients that send slowly to keep connections busy. */
export type ConnectionLimits = {
  /** Maximum number of open connections. Further ones are closed at once. A trainer needs only a few. */
  readonly connections: number;
  /** Time within which the whole request must arrive; then the answer is 408. */
  readonly requestMs: number;
  /** Time within which the headers must arrive; then the answer is 408. */
  readonly headersMs: number;
  /** How often both times are checked. */
  readonly checkEveryMs: number;
  /** Maximum size of all headers; beyond it, the answer is 431. */
  readonly headerBytes: number;
};

const LIMITS: ConnectionLimits = {
  connections: 512,
  requestMs: 60_000,
  headersMs: 15_000,
  checkEveryMs: 5000,
  headerBytes: 16 * 1024,
};

/**
 * Returns whether a web page of another site sent this request to a loopback address. Its Host header (DNS rebinding)
 * or its Origin header then names that site. Other addresses need no such check, because they require a token, which
 * the page does not have.
 */
function isForeign({ headers }: Request): boolean {
  const host = headers.get('host') ?? '';
  const origin = headers.get('origin');
  return !isLoopback(`http://${host}`) || (origin !== null && !isLoopback(origin));
}

function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname.replaceAll(/^\[|\]$/g, '');
  return host !== undefined && (LOOPBACK.has(host) || host.endsWith('.localhost'));
}

const FOREIGN = { error: 'The service listens on loopback: Host and Origin must name localhost or its address.' };

/**
 * Reads the rest of a request that was answered before its body came, and discards it. A client that still sends when
 * the connection is closed may lose the answer. A body that the app has begun to read is left to the app.
 */
async function discardBody({ incoming }: HttpBindings): Promise<void> {
  if (incoming.readableFlowing !== null || incoming.destroyed) return;
  incoming.resume();
  // A client may end the connection instead.
  await finished(incoming).catch(() => undefined);
}

/** The answer to a request that the adapter cannot read. The app answers errors of its own routes. */
function answerToError(error: unknown): Response {
  if (!(error instanceof RequestError)) return Response.json({ error: 'Internal error.' }, { status: 500 });
  return Response.json({ error: `Invalid Host header or path: ${error.message}.` }, { status: 400 });
}

/**
 * Throws `invalid-input` for a blank token, for a missing token on an address other than loopback, and for an unusable
 * port.
 */
export async function listen(
  app: { readonly fetch: (request: Request) => Response | Promise<Response> },
  {
    host,
    port,
    token,
    limits = LIMITS,
  }: { readonly host: string; readonly port: number; readonly token?: string; readonly limits?: ConnectionLimits },
): Promise<Listening> {
  if (token?.trim() === '') throw invalidInput('The token is blank.', 'Set --token to a secret, or unset GLOBE_TOKEN.');
  const local = LOOPBACK.has(host);
  if (!local && token === undefined) {
    throw invalidInput(
      `Missing token: the address ${host} can be reached from other machines.`,
      'Set --token, or listen on 127.0.0.1.',
    );
  }
  if (!(port >= 0 && port <= 65_535)) throw invalidInput(`Invalid port: ${port}.`, 'Use 0 to 65535.');
  return new Promise((resolve, reject) => {
    const fetch = async (request: Request, bindings: unknown): Promise<Response> => {
      const response = local && isForeign(request) ? Response.json(FOREIGN, { status: 403 }) : await app.fetch(request);
      await discardBody(bindings as HttpBindings);
      return response;
    };
    const answer = getRequestListener(fetch, { hostname: host, errorHandler: answerToError });
    const server = createServer(
      {
        requestTimeout: limits.requestMs,
        headersTimeout: limits.headersMs,
        connectionsCheckingInterval: limits.checkEveryMs,
        maxHeaderSize: limits.headerBytes,
      },
      (incoming, outgoing) => void answer(incoming, outgoing),
    );
    server.maxConnections = limits.connections;
    server.listen(port, host, () => {
      const info = server.address() as AddressInfo;
      const shown = info.family === 'IPv6' ? `[${info.address}]` : info.address;
      resolve({
        url: `http://${shown}:${info.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? invalidInput(
              `Port ${port} on ${host} is in use.`,
              'Choose another port with --port; --port 0 takes a free port.',
            )
          : invalidInput(
              `Cannot listen on ${host}:${port}: ${error.message}.`,
              'Choose an address of this machine with --host, and a port that you may use with --port.',
            ),
      );
    });
  });
}
