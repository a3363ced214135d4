/**
 * The project's only error hierarchy. Expected outcomes, such as an unparseable answer or a place that is not found,
 * are returned as values. A GlobeError reports bad input from the user or broken infrastructure. Its message states
 * what happened and includes the value. Its hint states what to do.
 */
import { defined } from './defined.ts';

export type ErrorCode =
  /** The user's input, file or option is wrong (exit code 2). */
  | 'invalid-input'
  /** A file or resource that the user named does not exist (exit code 2). */
  | 'not-found'
  /** A remote service failed or did not answer, or the machine failed (its disk or its memory). */
  | 'service'
  /** A remote service did not answer before the deadline. */
  | 'timeout'
  /** A remote service permanently rejected this request (content filter, too long). */
  | 'rejected'
  /** A remote service rejects every request until the user fixes the cause: a wrong key, a wrong model, no credit. */
  | 'denied'
  /** A bug: this program violated its own contract (exit code 1). */
  | 'internal';

export type GlobeErrorOptions = {
  readonly code: ErrorCode;
  readonly message: string;
  /** What the user can do about the error. */
  readonly hint?: string;
  /** True if the same call may succeed later. */
  readonly retryable?: boolean;
  /** Milliseconds to wait before the next call, if the service sent Retry-After. */
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

/** Creates a GlobeError with code `invalid-input`: the user's mistake, exit code 2. */
export function invalidInput(message: string, hint?: string): GlobeError {
  return new GlobeError({ code: 'invalid-input', message, ...defined({ hint }) });
}

/** Returns the message of any thrown value, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
