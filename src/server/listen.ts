/** Serves an app on an address, which needs a token unless it is loopback. */
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { invalidInput } from '../core/errors.ts';

export type Listening = { readonly url: string; close(): Promise<void> };

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Throws `invalid-input` for an address other than loopback without a token, and for a port that is in use. */
export async function listen(
  app: { readonly fetch: (request: Request) => Response | Promise<Response> },
  { host, port, token }: { readonly host: string; readonly port: number; readonly token?: string },
): Promise<Listening> {
  if (!LOOPBACK.has(host) && token === undefined) {
    throw invalidInput(
      `Missing token: the address ${host} can be reached from other machines.`,
      'Set --token, or listen on 127.0.0.1.',
    );
  }
  if (!(port >= 0 && port <= 65_535)) throw invalidInput(`Invalid port: ${port}.`, 'Use 0 to 65535.');
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info: AddressInfo) => {
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
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? invalidInput(`Port ${port} on ${host} is in use.`, 'Choose another with --port; 0 takes a free one.')
          : invalidInput(
              `Cannot listen on ${host}:${port}: ${error.message}.`,
              'Choose an address of this machine with --host, and a port that you may use with --port.',
            ),
      );
    });
  });
}
