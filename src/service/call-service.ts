/**
 * One HTTP call to a service, with a deadline. Reads the whole answer; errors tell whether and when to call again.
 * `withRetry` does the retrying.
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
  /** How messages name the service. */
  readonly title: string;
  /** The subject of the request, in messages: ` for “Paris”`. */
  readonly about?: string;
  readonly secrets: readonly (string | undefined)[];
  readonly timeoutMs: number;
  /** What to do if no answer comes. */
  readonly hint: string;
  /** What to do about a rejected request, such as where to put a key. */
  readonly hintOf?: (status: number) => string | undefined;
  /** True for a status outside the 200s that still counts as an answer. */
  readonly isAnswer?: (status: number, text: string) => boolean;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

export type ServiceAnswer = {
  readonly status: number;
  readonly text: string;
  /** Present if the service sent Retry-After. */
  readonly retryAfterMs?: number;
};

/** Statuses below 500 that may succeed later. */
const PASSING = new Set([408, 425, 429]);
const MAX_QUOTE_CHARACTERS = 200;

/**
 * Throws `service` or `timeout`, both retryable, if no answer comes or the status may pass; `rejected` for any other
 * status; the signal's reason when it aborts.
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

/** The answer as JSON. Throws `service`, retryable, for any other body, such as half an answer or a proxy's page. */
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

/** fetch reports only "fetch failed"; its cause holds what happened. */
function deepest(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause !== undefined) current = current.cause;
  return current;
}
