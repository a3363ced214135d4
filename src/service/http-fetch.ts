/**
 * A `fetch` for many calls to one server, based on Node's http with keep-alive connections. The global fetch uses web
 * streams and copies the data, which takes longer than the call itself for bodies of tens of kilobytes. A body is
 * bytes, text, or several pieces of bytes, which are sent without copying. Answers are read completely. This fetch does
 * not follow redirects, because data for one server must not go to another. It requests no compression and uses no
 * proxy.
 */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { brotliDecompressSync, unzipSync, zstdDecompressSync } from 'node:zlib';

import { MAX_ANSWER_BYTES, tooLarge } from './answer-limit.ts';

/** Options in addition to those of fetch: a body in pieces, and `end`, a second signal that also aborts the call. */
export type InPieces = { readonly pieces: readonly Uint8Array[]; readonly end?: AbortSignal };

/** Statuses for which a Response must not have a body. */
const NO_BODY = new Set([204, 205, 304]);

const sizeOf = (pieces: InPieces['pieces']): number => pieces.reduce((sum, piece) => sum + piece.byteLength, 0);

/**
 * Creates the fetch. It rejects with the signal's reason if the signal aborts, and with Node's error if no answer
 * arrives.
 */
export function httpFetch(): typeof fetch {
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { method = 'GET', body, signal, pieces, end } = init as RequestInit & Partial<InPieces>;
    const signals = [signal, end].filter((one) => one !== undefined && one !== null);
    for (const one of signals) one.throwIfAborted();
    const headers = Object.fromEntries(new Headers(init.headers));
    // Without this header, a server may choose any encoding.
    headers['accept-encoding'] ??= 'identity';
    if (pieces !== undefined) headers['content-length'] = String(sizeOf(pieces));
    const answer = await new Promise<{ message: IncomingMessage; bytes: Buffer }>((resolve, reject) => {
      const secure = url.protocol === 'https:';
      const send = secure ? requestHttps : requestHttp;
      const agent = agents[secure ? 'https:' : 'http:'];
      const request = send(url, { method, headers, agent }, (message) => {
        const chunks: Buffer[] = [];
        let size = 0;
        message.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= MAX_ANSWER_BYTES) return chunks.push(chunk);
          reject(tooLarge());
          return request.destroy();
        });
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
    const bytes = decoded(answer.bytes, answer.message.headers['content-encoding']);
    return new Response(NO_BODY.has(status) ? null : new Uint8Array(bytes), {
      status,
      headers: answer.message.headers as Record<string, string>,
    });
  };
}

const LIMIT = { maxOutputLength: MAX_ANSWER_BYTES };

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => unzipSync(bytes, LIMIT),
  'x-gzip': (bytes) => unzipSync(bytes, LIMIT),
  deflate: (bytes) => unzipSync(bytes, LIMIT),
  br: (bytes) => brotliDecompressSync(bytes, LIMIT),
  zstd: (bytes) => zstdDecompressSync(bytes, LIMIT),
};

/** Decompresses the answer, because some gateways compress it although the request asks for no compression. */
function decoded(bytes: Buffer, encoding = 'identity'): Buffer {
  const decode = DECODERS[encoding.trim().toLowerCase()];
  if (decode === undefined || bytes.length === 0) return bytes;
  try {
    return decode(bytes);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : error;
  }
}
