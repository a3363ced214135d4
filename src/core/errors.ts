/**
 * The one error hierarchy. Expected outcomes (an unparseable answer, a place not found) are values;
 * a GlobeError is thrown for bad input from the user and for broken infrastructure. The message says what
 * happened, with the value; the hint says what to do.
 */
import { defined } from './defined.ts';

export type ErrorCode =
  /** The user's input, file or option is wrong: exit code 2. */
  | 'invalid-input'
  /** A file or resource that was named is not there: exit code 2. */
  | 'not-found'
  /** A remote service or the machine (its disk, its memory) answered with an error, or not at all. */
  | 'service'
  /** A remote service did not answer before the deadline. */
  | 'timeout'
  /** A remote service rejected this request for good (content filter, too long). */
  | 'rejected'
  /** A remote service takes no request at all until somebody mends something: wrong key, wrong model, no credit. */
  | 'denied'
  /** A contract inside this program is broken: a bug, exit code 1. */
  | 'internal';

export type GlobeErrorOptions = {
  readonly code: ErrorCode;
  readonly message: string;
  /** What the reader can do about it. */
  readonly hint?: string;
  /** True when the same call may succeed later. */
  readonly retryable?: boolean;
  /** Milliseconds after which the service asked to be called again (Retry-After). */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
};

export class GlobeError extends Error {
  override readonly name = 'GlobeError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor({ code, message, hint, retryable = false, retryAfterMs, cause }: GlobeErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A GlobeError of code `invalid-input`: the user's mistake, exit code 2. */
export function invalidInput(message: string, hint?: string): GlobeError {
  return new GlobeError({ code: 'invalid-input', message, ...defined({ hint }) });
}

/** The message of anything thrown, without the noise of a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
