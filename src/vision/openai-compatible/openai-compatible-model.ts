/**
 * A model behind any server that speaks OpenAI's chat completions. The `openai` package is the transport; samples,
 * retries, deadlines and the limit on concurrency are decided here, once, whatever the server lacks.
 */
import PQueue from 'p-queue';
import { GlobeError } from '../../core/errors.ts';
import { systemClock } from '../../service/clock.ts';
import type { Clock } from '../../service/clock.ts';
import { redact } from '../../service/redact.ts';
import { withRetry } from '../../service/retry.ts';
import type { RetryEvent, RetryPolicy } from '../../service/retry.ts';
import type { Completion, GenerateRequest, VisionModel } from '../vision-model.ts';
import { dialectOf } from './dialects.ts';
import type { Dialect } from './dialects.ts';
import { checkRequest, encodedRequest } from './request-body.ts';
import { completionsOf } from './response.ts';

export type OpenAICompatibleOptions = {
  /** With its query, which is sent along: Azure's `?api-version=`. */
  readonly baseUrl: string;
  readonly model: string;
  /** The name that results carry; BASE_URL#MODEL without credentials by default. */
  readonly name?: string;
  readonly apiKey?: string | undefined;
  readonly dialect?: Dialect;
  /** Requests in flight at a time, over all callers. */
  readonly concurrency?: number;
  /** Deadline of one request; Node's fetch itself waits at most 300 s for the first byte. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly onRetry?: (event: RetryEvent) => void;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly random?: () => number;
};

export const DEFAULT_CONCURRENCY = 8;
export const DEFAULT_TIMEOUT_MS = 300_000;

/** Rounds in which missing or empty completions are asked for again before what there is has to do. */
const MAX_ROUNDS = 3;
/** How servers say that they make one completion a call. */
const REFUSES_N = /\bn\b['"`]?\s*(?:is not|must be|should be|> ?1|not supported)|only one completion/i;

export async function openOpenAICompatibleModel(options: OpenAICompatibleOptions): Promise<VisionModel> {
  const { default: OpenAI } = await import('openai');
  const { serviceError } = await import('./service-error.ts');
  const dialect = options.dialect ?? dialectOf(options.baseUrl);
  const { concurrency = DEFAULT_CONCURRENCY, timeoutMs = DEFAULT_TIMEOUT_MS, clock = systemClock } = options;
  const client = new OpenAI(clientOptions(options, dialect));
  const queue = new PQueue({ concurrency });
  const server = serverName(options.baseUrl);
  /** Set once the server has shown that it returns one completion however many are asked for. */
  let repeats = dialect.samples === 'repeat';

  /** One HTTP request, within its deadline. */
  async function attempt(body: Buffer, signal: AbortSignal): Promise<Completion[]> {
    const deadline = clock.deadline(timeoutMs);
    try {
      // Through the transport itself: the typed method would serialise the body, image and all, for every call.
      const answer = await client.post<unknown>('/chat/completions', {
        body,
        headers: { 'content-type': 'application/json' },
        signal: AbortSignal.any([signal, deadline]),
      });
      return completionsOf(answer);
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.aborted) {
        throw new GlobeError({
          code: 'timeout',
          message: `${server} did not answer within ${timeoutMs / 1000} s.`,
          hint: 'Lower the concurrency, or raise `timeoutMs` in globe.config.json.',
          retryable: true,
        });
      }
      const { apiKey } = options;
      throw serviceError(error, { server, apiKey, apiKeyEnv: dialect.apiKeyEnv, nowMs: clock.now() });
    }
  }

  /** One call with its retries. A slot of the queue is held while a request is in flight, not while waiting. */
  async function call(request: GenerateRequest, { n, seed }: { n: number; seed: number | undefined }) {
    const { model, extraBody } = options;
    const body = encodedRequest(request, { model, dialect, n, seed, ...(extraBody !== undefined && { extraBody }) });
    const { signal } = request;
    return withRetry(async () => queue.add(async () => attempt(body, signal), { signal }), {
      clock,
      signal,
      random: options.random ?? Math.random,
      ...(options.retry !== undefined && { policy: options.retry }),
      onRetry: options.onRetry,
    });
  }

  /** Asks for `missing` completions: in one call, or one each. `asked` were asked for before. */
  async function round(request: GenerateRequest, { missing, asked }: { missing: number; asked: number }) {
    // Equal seeds give equal completions, so each call gets one of its own, the same in every run.
    const seedAt = (i: number): number | undefined =>
      request.seed === undefined ? undefined : (request.seed + asked + i) % 2 ** 31;
    if (missing > 1 && !repeats) {
      try {
        const found = await call(request, { n: missing, seed: seedAt(0) });
        if (found.length < missing) repeats = true;
        return found.slice(0, missing);
      } catch (error) {
        if (!(error instanceof GlobeError && error.code === 'rejected' && REFUSES_N.test(error.message))) throw error;
        repeats = true;
      }
    }
    const calls = Array.from({ length: missing }, async (_, i) => call(request, { n: 1, seed: seedAt(i) }));
    return (await Promise.all(calls)).flatMap((found) => found.slice(0, 1));
  }

  return {
    name: options.name ?? `${server}#${options.model}`,
    generate: async (request) => {
      checkRequest(request, dialect);
      // When one of several calls fails for good, the others of this request are of no use.
      const failed = new AbortController();
      const linked = { ...request, signal: AbortSignal.any([request.signal, failed.signal]) };
      const kept: Completion[] = [];
      const empty: Completion[] = [];
      let asked = 0;
      try {
        for (let i = 0; i < MAX_ROUNDS && kept.length < request.samples; i++) {
          const missing = request.samples - kept.length;
          for (const completion of await round(linked, { missing, asked })) {
            (isEmpty(completion) ? empty : kept).push(completion);
          }
          asked += missing;
        }
      } catch (error) {
        failed.abort();
        throw error;
      }
      // What stays empty after all rounds is what the model says: nothing.
      const completions = [...kept, ...empty].slice(0, request.samples);
      if (completions.length < request.samples) {
        throw new GlobeError({
          code: 'service',
          message: `${server} returned ${completions.length} of ${request.samples} completions.`,
          hint: 'Check the server: it answers without choices.',
          retryable: true,
        });
      }
      return completions;
    },
  };
}

const isEmpty = ({ text, finishReason }: Completion): boolean => text.trim() === '' && finishReason === 'stop';

/** The address without credentials and query, for names and messages. */
function serverName(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return redact(`${origin}${pathname.replace(/\/+$/, '')}`, []);
}

function clientOptions({ baseUrl, apiKey, fetch }: OpenAICompatibleOptions, dialect: Dialect) {
  const url = new URL(baseUrl);
  const query = Object.fromEntries(url.searchParams);
  url.search = '';
  url.hash = '';
  return {
    baseURL: url.href.replace(/\/+$/, ''),
    // The package insists on a key; without one of ours the header is taken away again.
    apiKey: apiKey ?? 'none',
    // null, not undefined: keys and organisations in the environment belong to OpenAI, not to this server.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    defaultHeaders: authorization(apiKey, dialect),
    defaultQuery: query,
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off' as const,
    ...(fetch !== undefined && { fetch }),
  };
}

function authorization(apiKey: string | undefined, { auth }: Dialect): Record<string, string | null> {
  if (apiKey === undefined) return { Authorization: null };
  return auth === 'api-key' ? { Authorization: null, 'api-key': apiKey } : {};
}
