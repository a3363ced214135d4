/** Serves an app on a network address. Every address except loopback requires a token. */
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { invalidInput } from '../core/errors.ts';

export type Listening = { readonly url: string; close(): Promise<void> };

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Maximum number of open connections. Further connections are closed at once. A trainer keeps one or a few open. */
const MAX_CONNECTIONS = 512;
/** Maximum time for the whole request to arrive. */
const MAX_REQUEST_MS = 60_000;
const MAX_HEADERS_MS = 15_000;

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
 * Throws `invalid-input` for a blank token, for a missing token on an address other than loopback, and for an unusable
 * port.
 */
export async function listen(
  app: { readonly fetch: (request: Request) => Response | Promise<Response> },
  { host, port, token }: { readonly host: string; readonly port: number; readonly token?: string },
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
    const fetch = (request: Request): Response | Promise<Response> =>
      local && isForeign(request) ? Response.json(FOREIGN, { status: 403 }) : app.fetch(request);
    const serverOptions = { requestTimeout: MAX_REQUEST_MS, headersTimeout: MAX_HEADERS_MS };
    const server = serve({ fetch, hostname: host, port, serverOptions }, (info: AddressInfo) => {
      const shown = info.family === 'IPv6' ? `[${info.address}]` : info.address;
      resolve({
        url: `http://${shown}:${info.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    if ('maxConnections' in server) server.maxConnections = MAX_CONNECTIONS;
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
