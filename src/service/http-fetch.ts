/**
 * A fetch for many calls to one server: Node's http with connections kept alive, without the web streams and copies of
 * the global fetch, which cost more than the calls themselves where a body is tens of kilobytes. Bodies are bytes or
 * text, or pieces of bytes that are sent as they lie; answers are read whole; redirects are answers like others (what was
 * sent to one server goes to no other), nothing is compressed, and no proxy is used.
 */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

/** A body in pieces, and what ends the call beside fetch's own signal, for clients that wrap the signal they are given. */
export type InPieces = { readonly pieces: readonly Uint8Array[]; readonly end?: AbortSignal };

/** Statuses that a Response refuses a body for. */
const NO_BODY = new Set([204, 205, 304]);

const sizeOf = (pieces: InPieces['pieces']): number => pieces.reduce((sum, piece) => sum + piece.byteLength, 0);

/** Rejects with the signal's reason when it aborts, and with Node's own error where no answer comes. */
export function httpFetch(): typeof fetch {
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { method = 'GET', body, signal, pieces, end } = init as RequestInit & Partial<InPieces>;
    const signals = [signal, end].filter((one) => one !== undefined && one !== null);
    for (const one of signals) one.throwIfAborted();
    const headers = Object.fromEntries(new Headers(init.headers));
    // Without it a server may answer in any coding.
    headers['accept-encoding'] ??= 'identity';
    if (pieces !== undefined) headers['content-length'] = String(sizeOf(pieces));
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
      const stop = (event: Event): void => {
        reject((event.target as AbortSignal).reason);
        request.destroy();
      };
      for (const one of signals) one.addEventListener('abort', stop, { once: true });
      request.on('close', () => {
        for (const one of signals) one.removeEventListener('abort', stop);
      });
      request.on('error', reject);
      for (const piece of pieces ?? []) request.write(piece);
      request.end(pieces === undefined ? body : undefined);
    });
    const status = answer.message.statusCode!;
    return new Response(NO_BODY.has(status) ? null : new Uint8Array(answer.bytes), {
      status,
      headers: answer.message.headers as Record<string, string>,
    });
  };
}
