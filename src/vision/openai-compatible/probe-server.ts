/**
 * Asks a server for its list of models, for `globe doctor`. Sends one request without retries, and generates no text.
 */
import { firstAbort } from '../../service/first-abort.ts';
import { httpFetch } from '../../service/http-fetch.ts';
import { z } from 'zod';
import { messageOf } from '../../core/errors.ts';
import type { Clock } from '../../service/clock.ts';
import { keepSecret, redact } from '../../service/redact.ts';
import type { Dialect } from './dialects.ts';

export type ServerProbe =
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'refused'; readonly status: number }
  /** The server responds. `models` is absent if the server does not list them. */
  | { readonly kind: 'answers'; readonly models?: readonly string[] };

export type ProbeOptions = {
  readonly baseUrl: string;
  readonly dialect: Dialect;
  readonly apiKey?: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly fetch?: typeof fetch;
};

const PROBE_TIMEOUT_MS = 10_000;

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

export async function probeServer({ fetch = httpFetch(), ...options }: ProbeOptions): Promise<ServerProbe> {
  const { baseUrl, dialect, apiKey, clock, signal } = options;
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/models`;
  using deadline = clock.deadline(PROBE_TIMEOUT_MS);
  using end = firstAbort([signal, deadline.signal]);
  try {
    const response = await fetch(url, {
      headers: apiKey === undefined ? {} : authorization(apiKey, dialect),
      signal: end.signal,
    });
    if (response.status === 401 || response.status === 403) return { kind: 'refused', status: response.status };
    if (!response.ok) return { kind: 'answers' };
    const listed = modelsSchema.safeParse(await response.json().catch(() => undefined));
    return listed.success ? { kind: 'answers', models: listed.data.data.map(({ id }) => id) } : { kind: 'answers' };
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { kind: 'unreachable', reason: redact(messageOf(cause), [keepSecret(apiKey)]) };
  }
}

const authorization = (apiKey: string, { auth }: Dialect): Record<string, string> =>
  auth === 'api-key' ? { 'api-key': apiKey } : { authorization: `Bearer ${apiKey}` };
