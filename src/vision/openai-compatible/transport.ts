/**
 * One call to a server, with its key, deadline, retries and share of the concurrency. Uses the `openai` package without
 * its own retries, so that only one retry policy applies. Independent of the request's content.
 */
import { firstAbort } from '../../service/first-abort.ts';
import PQueue from 'p-queue';
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import { systemClock } from '../../service/clock.ts';
import type { Clock } from '../../service/clock.ts';
import { httpFetch, type InPieces } from '../../service/http-fetch.ts';
import { redact } from '../../service/redact.ts';
import { withRetry } from '../../service/retry.ts';
import type { RetryEvent, RetryPolicy } from '../../service/retry.ts';
import type { Completion } from '../vision-model.ts';
import { answerJson } from './answer-json.ts';
import type { Dialect } from './dialects.ts';
import { completionsOf } from './response.ts';

export type TransportOptions = {
  /** Including its query, which is sent too: Azure's `?api-version=`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** Concurrent requests over all callers. */
  readonly concurrency?: number;
  /** Deadline of one request. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly onRetry?: (event: RetryEvent) => void;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly random?: () => number;
};

export const DEFAULT_CONCURRENCY = 8;
const DEFAULT_TIMEOUT_MS = 300_000;

/** The body of a request; an image's piece is shared by all requests that carry it. */
export type Pieces = InPieces['pieces'];

/** Sends the JSON of a request; for chat, at least one completion comes back, possibly fewer than were asked for. */
export type Transport<T = Completion[]> = (body: Pieces, signal: AbortSignal) => Promise<T>;

/** A path of the server, and the reader of its answers, which throws a GlobeError for an invalid answer. */
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
  const client = new OpenAI(clientOptions(options, dialect));
  const queue = new PQueue({ concurrency });
  const server = serverName(options.baseUrl);

  async function attempt(body: Pieces, signal: AbortSignal): Promise<T> {
    using deadline = clock.deadline(timeoutMs);
    using end = firstAbort([signal, deadline.signal]);
    try {
      // The typed method would serialise the body with its image on every call.
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
    // A request takes a slot of the queue only in flight, not while waiting for a retry.
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

/** The address without credentials and query, for names and messages. */
export function serverName(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return redact(`${origin}${pathname.replace(/\/+$/, '')}`, []);
}

function clientOptions({ baseUrl, apiKey, fetch }: TransportOptions, dialect: Dialect) {
  const url = new URL(baseUrl);
  const query = Object.fromEntries(url.searchParams);
  url.search = '';
  url.hash = '';
  return {
    baseURL: url.href.replace(/\/+$/, ''),
    // The package requires a key; without one, the header is removed below.
    apiKey: apiKey ?? 'none',
    // null, not undefined, keeps OpenAI's keys and organisations in the environment from this server.
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

/** Placeholder body for the client, which would take pieces apart. */
const NO_BODY = new Uint8Array();

/**
 * Pieces and signal bypass the client in options that it passes to fetch unchanged. The client would combine the signal
 * with its own by `AbortSignal.any`, whose result outlives the call until the next full garbage collection. A caller's
 * own `fetch` only knows whole bodies and signals.
 */
const sending = (pieces: Pieces, end: AbortSignal, own: typeof fetch | undefined): object =>
  own === undefined
    ? { fetchOptions: { pieces, end } satisfies InPieces }
    : { fetchOptions: { body: Buffer.concat(pieces) }, signal: end };

function authorization(apiKey: string | undefined, { auth }: Dialect): Record<string, string | null> {
  if (apiKey === undefined) return { Authorization: null };
  return auth === 'api-key' ? { Authorization: null, 'api-key': apiKey } : {};
}
