/** Limits on request bodies: the size of one, and the sum of the larger ones that are under way. */
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/** Smaller bodies are always read: the limit on connections bounds their sum. */
const MAX_SMALL_BYTES = 256 * 1024;
/** Largest bodies that fit at a time. */
const BODIES_AT_A_TIME = 4;

/**
 * Answers 413 for larger bodies, and 503 with Retry-After while too many bytes are under way. It trusts a declared length,
 * beyond which the server does not read, because counting the bytes would turn every request into a web stream. A body
 * without a declared length counts as the largest one.
 */
export function bodiesUpTo(bytes: number): MiddlewareHandler {
  const refuse = (c: Context): Response => c.json({ error: `The request is larger than ${bytes} bytes.` }, 413);
  const counted = bodyLimit({ maxSize: bytes, onError: refuse });
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
