/**
 * Limits request bodies: the size of each body, and the total size of the large bodies that are handled at the same
 * time.
 */
import type { Context, MiddlewareHandler } from 'hono';

/** Bodies up to this size are always accepted, because the limit on connections already bounds their total size. */
const MAX_SMALL_BYTES = 256 * 1024;
/** Number of bodies of the maximum size that may be handled at the same time. */
const BODIES_AT_A_TIME = 4;

/**
 * Answers 413 to a body of more than `bytes`, and 503 with Retry-After while too many bytes are handled. Trusts the
 * Content-Length header, because the server reads no more bytes than the header states. Counting bytes instead would
 * turn every request into a web stream. A body without that header is counted, and reserves the maximum size.
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
 * Reads a body without Content-Length; undefined if it has more than `maxBytes`. Such a body is read to its end but not
 * kept, because a client that still sends when the connection is closed may lose the answer.
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
