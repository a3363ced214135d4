/**
 * Limits request bodies: the size of each body, and the total size of all large bodies that are handled at the same
 * time.
 */
import type { Context, MiddlewareHandler } from 'hono';

/**
 * Maximum size of a small body. Small bodies need no limit on their total size, because the number of connections is
 * limited.
 */
const MAX_SMALL_BYTES = 256 * 1024;
/** Number of bodies of maximum size that may be handled at the same time. */
const BODIES_AT_A_TIME = 4;

/**
 * Answers 413 if a body has more than `bytes` bytes, and 503 with Retry-After while too many bytes are being handled.
 * The Content-Length header is trusted, because the server reads no more bytes than it states. Counting all bodies
 * would turn every request into a web stream, so only bodies without Content-Length are counted. Such a body reserves
 * the maximum size.
 */
export function bodiesUpTo(bytes: number): MiddlewareHandler {
  const refuse = (c: Context): Response => c.json({ error: `The request is larger than ${bytes} bytes.` }, 413);
  const counted: MiddlewareHandler = async (c, next) => {
    const chunks = await chunksOf(c.req.raw, bytes);
    if (chunks === undefined) return refuse(c);
    if (c.req.raw.body === null) return next();
    const { method } = c.req;
    c.req.raw = new Request(c.req.raw, { method, body: ReadableStream.from(chunks), duplex: 'half' });
    return next();
  };
  let free = BODIES_AT_A_TIME * bytes;
  return async (c, next) => {
    const length = c.req.header('content-length');
    const isDeclared = length !== undefined && c.req.header('transfer-encoding') === undefined;
    if (isDeclared && Number(length) > bytes) return refuse(c);
    const size = isDeclared ? Number(length) : c.req.method === 'GET' || c.req.method === 'HEAD' ? 0 : bytes;
    const held = size <= MAX_SMALL_BYTES ? 0 : size;
    if (held > free) {
      c.header('Retry-After', '1');
      return c.json({ error: 'Too many large requests are under way. Retry later, or send smaller ones.' }, 503);
    }
    free -= held;
    try {
      return await (isDeclared ? next() : counted(c, next));
    } finally {
      free += held;
    }
  };
}

/**
 * Reads a body without Content-Length. Returns undefined if it has more than `maxBytes` bytes. A body that is too large
 * is still read to its end, but dropped. If the connection were closed while the client sends, the client might lose
 * the answer.
 */
async function chunksOf({ body }: Request, maxBytes: number): Promise<Uint8Array[] | undefined> {
  let chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) chunks = [];
    else chunks.push(chunk);
  }
  return size > maxBytes ? undefined : chunks;
}
