/**
 * Makes one HTTP call to a service with a deadline and reads the whole answer. Errors state whether a later call may
 * succeed and when. `withRetry` repeats the call.
 */
import { defined } from '../core/defined.ts';
import { GlobeError, messageOf } from '../core/errors.ts';
import { limitedText } from './answer-limit.ts';
import type { Clock } from './clock.ts';
import { firstAbort } from './first-abort.ts';
import { redact } from './redact.ts';
import { retryAfterMs } from './retry-after.ts';

export type ServiceCall = {
  readonly url: string | URL;
  readonly request: Omit<RequestInit, 'signal'>;
  /** Name of the service in error messages. */
  readonly title: string;
  /** The purpose of the request in error messages: ` for “Paris”`. */
  readonly about?: string;
  readonly secrets: readonly (string | undefined)[];
  readonly timeoutMs: number;
  /** Tells the user what to do if the service does not answer. */
  readonly hint: string;
  /** Tells the user what to do about a rejected request, such as where to set a key. */
  readonly hintOf?: (status: number) => string | undefined;
  /** Returns true if an answer is acceptable although its status is outside 200 to 299. */
  readonly isAnswer?: (status: number, text: string) => boolean;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

export type ServiceAnswer = {
  readonly status: number;
  readonly text: string;
  /** Present if the service sent a Retry-After header. */
  readonly retryAfterMs?: number;
};

/** Statuses below 500 for which a later call may succeed. */
const PASSING = new Set([408, 425, 429]);
const MAX_QUOTE_CHARACTERS = 200;

/**
 * Makes the call. Throws a retryable `service` or `timeout` error if no answer arrives or a later call may succeed.
 * Throws `rejected` for any other status that is not accepted, and the signal's reason if the signal aborts.
 */
export async function callService(call: ServiceCall): Promise<ServiceAnswer> {
  const { url, request, title, about = '', secrets, timeoutMs, hint, fetch, clock, signal } = call;
  using deadline = clock.deadline(timeoutMs);
  using end = firstAbort([signal, deadline.signal]);
  try {
    const response = await fetch(url, { ...request, signal: end.signal });
    const text = await limitedText(response);
    const waitMs = retryAfterMs(response.headers, clock.now());
    const answer = { status: response.status, text, ...defined({ retryAfterMs: waitMs }) };
    if (response.ok || call.isAnswer?.(response.status, text) === true) return answer;
    throw refusal(call, answer);
  } catch (error) {
    if (error instanceof GlobeError) throw error;
    signal.throwIfAborted();
    const isLate = deadline.signal.aborted;
    const reason = isLate ? `no answer within ${timeoutMs / 1000} s` : messageOf(deepest(error));
    throw new GlobeError({
      code: isLate ? 'timeout' : 'service',
      message: redact(`${title} did not answer properly${about}: ${reason}.`, secrets),
      hint,
      retryable: true,
    });
  }
}

function refusal({ title, secrets, hintOf }: ServiceCall, { status, text, retryAfterMs }: ServiceAnswer): GlobeError {
  const retryable = PASSING.has(status) || status >= 500;
  const hint = hintOf?.(status);
  const quote = text.slice(0, MAX_QUOTE_CHARACTERS).trim() || 'no reason given';
  return new GlobeError({
    code: retryable ? 'service' : 'rejected',
    message: redact(`${title} answered ${status}: ${quote}`, secrets),
    retryable,
    ...defined({ hint, retryAfterMs }),
  });
}

/**
 * Parses the answer as JSON. Throws a retryable `service` error if the body is not JSON, such as a proxy's error page.
 */
export function jsonOf({ text }: ServiceAnswer, { title, secrets, hint }: ServiceCall): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new GlobeError({
      code: 'service',
      message: redact(`${title} did not answer properly: ${messageOf(error)}.`, secrets),
      hint,
      retryable: true,
    });
  }
}

/** Returns the innermost cause of an error. The error of fetch says only "fetch failed"; its cause explains why. */
function deepest(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause !== undefined) current = current.cause;
  return current;
}
