/**
 * Reads how long to wait from the header `retry-after-ms`, or from `retry-after` in seconds or as a date (RFC 9110,
 * section 10.2.3).
 */

/** Returns the milliseconds to wait, at least 0; undefined without such a header. */
export function retryAfterMs(headers: Headers | undefined, nowMs: number): number | undefined {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const value = headers?.get('retry-after') ?? '';
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return Number.parseFloat(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
