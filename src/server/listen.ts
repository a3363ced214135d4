/** Serves an app on a network address. A token is required on every address except loopback. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server';
import { invalidInput } from '../core/errors.ts';

export type Listening = { readonly url: string; close(): Promise<void> };

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Limits that clients cannot change. They close connections that a slow client keeps busy. */
export type ConnectionLimits = {
  /** Maximum number of open connections. Additional connections are closed at once. A trainer needs only a few. */
  readonly connections: number;
  /** Time limit for the arrival of the whole request. After it, the answer is 408. */
  readonly requestMs: number;
  /** Time limit for the arrival of the headers. After it, the answer is 408. */
  readonly headersMs: number;
  /** Interval at which both time limits are checked. */
  readonly checkEveryMs: number;
  /** Maximum size of all headers together. If they are larger, the answer is 431. */
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
 * Returns true if a web page of another site sent this request to a loopback address. The Host header (with DNS
 * rebinding) or the Origin header then names the other site. Other addresses need no such check, because they require a
 * token, which the page does not have.
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
 * If a request is answered before its body has arrived, reads and discards the body. If the connection were closed
 * while the client sends, the client might lose the answer. If the app has begun to read the body, does nothing.
 */
async function discardBody({ incoming }: HttpBindings): Promise<void> {
  if (incoming.readableFlowing !== null || incoming.destroyed) return;
  incoming.resume();
  // The client may close the connection before the end of the body.
  await finished(incoming).catch(() => undefined);
}

/** Answers a request that the adapter cannot read. Errors of the app's own routes are answered by the app. */
function answerToError(error: unknown): Response {
  if (!(error instanceof RequestError)) return Response.json({ error: 'Internal error.' }, { status: 500 });
  return Response.json({ error: `Invalid Host header or path: ${error.message}.` }, { status: 400 });
}

/**
 * Starts the server. Throws `invalid-input` for a blank token, an unusable port, or an address other than loopback
 * without a token.
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
