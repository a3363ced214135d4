/**
 * Sends requests to a server, with API key, deadline, retries and a concurrency limit. Uses the `openai` package but
 * disables its retries, so that only our retry policy applies. This module does not depend on the content of requests.
 */
import { firstAbort } from '../../service/first-abort.ts';
import PQueue from 'p-queue';
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import { systemClock } from '../../service/clock.ts';
import type { Clock } from '../../service/clock.ts';
import { httpFetch, type InPieces } from '../../service/http-fetch.ts';
import { keepSecret, redact } from '../../service/redact.ts';
import { withRetry } from '../../service/retry.ts';
import type { RetryEvent, RetryPolicy } from '../../service/retry.ts';
import type { Completion } from '../vision-model.ts';
import { answerJson } from './answer-json.ts';
import type { Dialect } from './dialects.ts';
import { completionsOf } from './response.ts';

export type TransportOptions = {
  /** The server's address. It may have a query that is sent with each request, such as Azure's `?api-version=`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** Maximum number of concurrent requests from all callers together. */
  readonly concurrency?: number;
  /** Time limit of one request, in ms. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly onRetry?: (event: RetryEvent) => void;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly random?: () => number;
};

export const DEFAULT_CONCURRENCY = 8;
const DEFAULT_TIMEOUT_MS = 300_000;

/** The body of a request. The piece with an image is shared by all requests with that image. */
export type Pieces = InPieces['pieces'];

/** Sends the JSON of a request. A chat request returns at least one completion, and possibly fewer than requested. */
export type Transport<T = Completion[]> = (body: Pieces, signal: AbortSignal) => Promise<T>;

/**
 * A path on the server, and a function that reads its responses. `read` throws a GlobeError for an invalid response.
 */
export type Endpoint<T> = { readonly path: string; readonly read: (answer: unknown) => T };

export const openTransport = async (options: TransportOptions, dialect: Dialect): Promise<Transport> =>
  openEndpoint(options, dialect, { path: '/chat/completions', read: completionsOf });

export async function openEndpoint<T>(
  options: TransportOptions,
  dialect: Dialect,
  { path, read }: Endpoint<T>,
): Promise<Transport<T>> {
  const { default: OpenAI } = await import('openai');
  const { serviceError } = await import('./service-error.ts');
  const { apiKey, concurrency = DEFAULT_CONCURRENCY, timeoutMs = DEFAULT_TIMEOUT_MS, clock = systemClock } = options;
  keepSecret(apiKey);
  const client = new OpenAI(clientOptions(options, dialect));
  const queue = new PQueue({ concurrency });
  const server = serverName(options.baseUrl);

  async function attempt(body: Pieces, signal: AbortSignal): Promise<T> {
    using deadline = clock.deadline(timeoutMs);
    using end = firstAbort([signal, deadline.signal]);
    try {
      // The client's typed method is not used, because it would serialize the body with the image on every call.
      const answer = await client
        .post(path, {
          body: NO_BODY,
          headers: { 'content-type': 'application/json' },
          ...sending(body, end.signal, options.fetch),
        })
        .asResponse();
      return read(answerJson(await answer.text()));
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.signal.aborted) throw tooLate(server, timeoutMs);
      throw serviceError(error, { server, apiKey, apiKeyEnv: dialect.apiKeyEnv, nowMs: clock.now() });
    }
  }

  return async (body, signal) =>
    // A request occupies a slot of the queue only while it is in flight, so waiting for a retry does not block other
    // requests.
    withRetry(async () => queue.add(async () => attempt(body, signal), { signal }), {
      clock,
      signal,
      random: options.random ?? Math.random,
      ...defined({ policy: options.retry }),
      onRetry: options.onRetry,
    });
}

function tooLate(server: string, timeoutMs: number): GlobeError {
  return new GlobeError({
    code: 'timeout',
    message: `${server} did not answer within ${timeoutMs / 1000} s.`,
    hint: 'Lower the concurrency, or raise `timeoutMs` in globe.config.json.',
    retryable: true,
  });
}

/** Returns the server's address without credentials and query, for names and messages. */
export function serverName(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return redact(`${origin}${pathname.replace(/\/+$/, '')}`);
}

function clientOptions({ baseUrl, apiKey, fetch }: TransportOptions, dialect: Dialect) {
  const url = new URL(baseUrl);
  const query = Object.fromEntries(url.searchParams);
  url.search = '';
  url.hash = '';
  return {
    baseURL: url.href.replace(/\/+$/, ''),
    // The package requires a key. If there is none, `authorization` removes the header.
    apiKey: apiKey ?? 'none',
    // If the following options were undefined, the client would send OpenAI's keys and organization from the
    // environment to this server.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    defaultHeaders: authorization(apiKey, dialect),
    defaultQuery: query,
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off' as const,
    fetch: fetch ?? httpFetch(),
  };
}

/** Placeholder body for the client, which cannot send a body in pieces. */
const NO_BODY = new Uint8Array();

/**
 * Returns options that the client hands to fetch unchanged. They carry the pieces of the body and the signal. If the
 * client received the signal, it would combine the signal with its own by `AbortSignal.any`, and the combined signal
 * would stay in memory until the next full garbage collection. The caller's own `fetch` does not know these options, so
 * it gets the whole body and the plain signal.
 */
const sending = (pieces: Pieces, end: AbortSignal, own: typeof fetch | undefined): object =>
  own === undefined
    ? { fetchOptions: { pieces, end } satisfies InPieces }
    : { fetchOptions: { body: Buffer.concat(pieces) }, signal: end };

function authorization(apiKey: string | undefined, { auth }: Dialect): Record<string, string | null> {
  if (apiKey === undefined) return { Authorization: null };
  return auth === 'api-key' ? { Authorization: null, 'api-key': apiKey } : {};
}
