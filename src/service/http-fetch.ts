/**
 * A fetch for many calls to one server: Node's http with connections kept alive, without the web streams and copies of
 * the global fetch, which cost more than the calls themselves where a body is tens of kilobytes. Bodies are bytes or
 * text and answers are read whole; redirects are answers like others, nothing is compressed, and no proxy is used.
 */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

/** Statuses that a Response refuses a body for. */
const NO_BODY = new Set([204, 205, 304]);

/** Rejects with the signal's reason when it aborts, and with Node's own error where no answer comes. */
export function httpFetch(): typeof fetch {
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { method = 'GET', body, signal } = init;
    signal?.throwIfAborted();
    const headers = Object.fromEntries(new Headers(init.headers));
    const answer = await new Promise<{ message: IncomingMessage; bytes: Buffer }>((resolve, reject) => {
      const secure = url.protocol === 'https:';
      const send = secure ? requestHttps : requestHttp;
      const agent = agents[secure ? 'https:' : 'http:'];
      const request = send(url, { method, headers, agent }, (message) => {
        const chunks: Buffer[] = [];
        message.on('data', (chunk: Buffer) => chunks.push(chunk));
        message.on('error', reject);
        message.on('end', () => resolve({ message, bytes: Buffer.concat(chunks) }));
      });
      const stop = (): void => {
        reject(signal!.reason);
        request.destroy();
      };
      signal?.addEventListener('abort', stop, { once: true });
      request.on('close', () => signal?.removeEventListener('abort', stop));
      request.on('error', reject);
      request.end(body);
    });
    const status = answer.message.statusCode!;
    return new Response(NO_BODY.has(status) ? null : new Uint8Array(answer.bytes), {
      status,
      headers: answer.message.headers as Record<string, string>,
    });
  };
}
