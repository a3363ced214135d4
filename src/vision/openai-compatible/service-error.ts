/** Converts any error of a call to a GlobeError, and decides whether a retry may succeed. */
import { APIConnectionError, APIError } from 'openai';
import { defined } from '../../core/defined.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import { redact } from '../../service/redact.ts';
import { retryAfterMs } from '../../service/retry-after.ts';
import { ContentFilterError, RequestRefusedError } from '../request-refusal.ts';
import { ReportedError } from './response.ts';

export type CallContext = {
  /** The server's name in messages, without credentials. */
  readonly server: string;
  readonly apiKey: string | undefined;
  readonly apiKeyEnv: string;
  /** The current time in milliseconds since 1970, to evaluate a Retry-After header that contains a date. */
  readonly nowMs: number;
};

/** Matches the error codes of OpenAI, Azure and Ark for rejected content. */
const CONTENT_FILTER = /content_filter|content_policy|ResponsibleAI|SensitiveContent|RiskDetection/i;
/** Statuses that mean a wrong key, account, model or address. Every other request would also fail. */
const OF_NO_REQUEST = new Set([401, 402, 403, 404, 405, 410, 501]);
const RETRYABLE_STATUS = new Set([408, 409, 425, 429]);

export function serviceError(error: unknown, context: CallContext): GlobeError {
  if (error instanceof GlobeError) return error;
  if (error instanceof APIError && typeof error.status === 'number') return statusError(error, context);
  if (error instanceof ReportedError) return reportedError(error, context);
  // An error without a status means that the connection was refused, reset or closed before the body was complete, or
  // that the body is not JSON.
  const message = error instanceof APIConnectionError ? messageOf(error.cause ?? error) : messageOf(error);
  const reason = (deepest(error) ?? message).replace(/\.$/, '');
  const isUnknownHost = codeOf(error) === 'ENOTFOUND';
  return new GlobeError({
    // An unknown host usually means a wrong address, but a name server can also fail during a run. The code `denied`
    // therefore ends only a run that has received no answer yet.
    code: isUnknownHost ? 'denied' : 'service',
    message: redact(`${context.server} did not answer properly: ${reason}.`, [context.apiKey]),
    hint: isUnknownHost
      ? 'No computer has this name: check the base URL.'
      : 'Check that the server is running and that the base URL is right.',
    retryable: true,
    cause: error,
  });
}

/** Treats a failure report like a response with the status in the report. Without a status, the call may be retried. */
function reportedError(error: ReportedError, context: CallContext): GlobeError {
  const { status = 503, report, message } = error;
  const facts = typeof report === 'object' && report !== null ? { ...report, message } : { message };
  return statusError(
    APIError.generate(status, { error: facts }, undefined, new Headers()) as APIError<number>,
    context,
  );
}

/**
 * Returns the message of the innermost cause. The error of fetch only says "fetch failed"; its cause gives the reason,
 * such as ECONNREFUSED or ENOTFOUND.
 */
function deepest(error: unknown): string | undefined {
  let current: unknown = error;
  while (current instanceof Error && current.cause !== undefined) current = current.cause;
  if (!(current instanceof Error)) return undefined;
  // Node tries each address of a host name. If all fail, it throws a single error that has no message but contains the
  // errors of all addresses.
  if (current instanceof AggregateError && current.message === '') return current.errors.map(messageOf).join('; ');
  return current.message === '' ? undefined : current.message;
}

/** Returns the code of the innermost cause. */
function codeOf(error: unknown): unknown {
  let current: unknown = error;
  while (current instanceof Error && current.cause !== undefined) current = current.cause;
  return current instanceof Error && 'code' in current ? current.code : undefined;
}

function statusError(error: APIError<number>, context: CallContext): GlobeError {
  const { status } = error;
  const facts = `${error.code ?? ''} ${error.type ?? ''} ${JSON.stringify(error.error ?? '')}`;
  const answer = redact(error.message, [context.apiKey]);
  const message = `${context.server} answered ${answer}${answer.endsWith('.') ? '' : '.'}`;
  if (status >= 400 && status < 500 && CONTENT_FILTER.test(facts)) {
    return new ContentFilterError({
      status,
      serverText: answer,
      message: `The content filter of ${context.server} refused the request: ${answer}`,
      hint: 'Another model may accept it; the photo counts as failed, not as wrong.',
      cause: error,
    });
  }
  const quota = /insufficient_quota/.test(facts);
  if (!quota && (RETRYABLE_STATUS.has(status) || (status >= 500 && status !== 501))) {
    const waitMs = retryAfterMs(error.headers, context.nowMs);
    return new GlobeError({
      code: 'service',
      message,
      retryable: true,
      ...defined({ retryAfterMs: waitMs }),
      cause: error,
    });
  }
  const hint = hintFor(status, { quota, apiKeyEnv: context.apiKeyEnv });
  const code = quota || OF_NO_REQUEST.has(status) || status < 400 ? 'denied' : 'rejected';
  return new RequestRefusedError({ code, status, serverText: answer, message, ...defined({ hint }), cause: error });
}

function hintFor(status: number, { quota, apiKeyEnv }: { quota: boolean; apiKeyEnv: string }): string | undefined {
  if (quota) return 'The account has no credit left.';
  if (status === 401 || status === 403) return `Set a valid key in the environment variable ${apiKeyEnv}.`;
  if (status === 404) return 'Check the model name and the base URL; `globe doctor` lists what the server offers.';
  if (status >= 300 && status < 400) {
    return 'The server redirects, but keys and photos only go to the configured address. Use the final address.';
  }
  if (status === 413) return 'The image is too large for this server: lower --max-pixels.';
  return undefined;
}
