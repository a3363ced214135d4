/** Sends generated messages, and reads the complete answers. */
import { Agent, request as requestHttp } from 'node:http';
import { connect } from 'node:net';
import type { HttpMessage, RawMessage } from './messages.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
};

const MAX_ANSWER_MS = 30_000;
/**
 * Time limit after the client has ended its side of a connection. Within it, the server must answer or close the
 * connection.
 */
const MAX_RAW_MS = 10_000;

export type Client = {
  readonly send: (message: HttpMessage) => Promise<Answer>;
  readonly close: () => void;
};

/**
 * Creates an HTTP client. Sending rejects with Node's error if the connection closes before the answer is complete.
 */
export function client(url: string): Client {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  /** The last request and its status for each connection. A server may close a connection only between requests. */
  const earlier = new WeakMap<object, string>();
  return {
    close: () => agent.destroy(),
    send: ({ method, path, headers, body, chunked }) =>
      new Promise((resolve, reject) => {
        const framing = chunked
          ? { 'transfer-encoding': 'chunked' }
          : body.length > 0 || method === 'POST'
            ? { 'content-length': String(body.length) }
            : {};
        const options = { hostname, port, method, path, agent, headers: { ...headers, ...framing } };
        const request = requestHttp({ ...options, timeout: MAX_ANSWER_MS }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          const { socket } = request;
          response.on('end', () => {
            if (socket !== null) earlier.set(socket, `${method} ${path} with status ${response.statusCode}`);
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              text: Buffer.concat(chunks).toString(),
            });
          });
        });
        request.on('timeout', () => request.destroy(new Error(`No answer came in ${MAX_ANSWER_MS / 1000} s.`)));
        request.on('error', (error) => {
          const before = request.socket === null ? undefined : earlier.get(request.socket);
          reject(before === undefined ? error : new Error(`${error.message} (after ${before})`));
        });
        if (chunked) for (const piece of pieces(body)) request.write(piece);
        request.end(chunked ? undefined : body);
      }),
  };
}

/** Splits the body into a few pieces. Each piece is sent as one chunk. */
function* pieces(body: Buffer): Generator<Buffer> {
  const size = Math.max(1, Math.ceil(body.length / 3));
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

/**
 * Sends the bytes and ends the client's side of the connection. Returns everything that the server sends before it
 * closes its side.
 */
export function sendRaw(url: string, { bytes }: RawMessage): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const answer = (): string => Buffer.concat(chunks).toString('latin1');
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`The connection was still open ${MAX_RAW_MS / 1000} s after its end. Received: ${answer()}`));
    }, MAX_RAW_MS);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A server may reset the connection of a client that breaks the protocol, so errors are ignored.
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer());
    });
    socket.end(bytes);
  });
}
