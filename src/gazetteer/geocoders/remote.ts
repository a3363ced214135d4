/**
 * What every remote geocoder shares: the query, a cache, a polite pace, retries, deadlines and redaction. A service
 * beside this file only says how to ask and how to read the answer. Nothing here is called unless a user chose it.
 */
import { firstAbort } from '../../service/first-abort.ts';
import type { Place } from '../../core/place.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import type { Clock } from '../../service/clock.ts';
import { redact } from '../../service/redact.ts';
import { type RetryPolicy, withRetry } from '../../service/retry.ts';
import type { Geocoder, GeocodeResult, Provenance } from '../gazetteer.ts';
import { isDenial } from '../words.ts';

type WithoutProvenance<T> = T extends unknown ? Omit<T, 'provenance'> : never;
/** A result as a service's answer is read, and as it is cached. */
export type RemoteResult = WithoutProvenance<GeocodeResult>;

export type RemoteService = {
  readonly provenance: Provenance;
  /** How messages name it. */
  readonly title: string;
  /** Shortest time between two calls; 0 for none. */
  readonly minIntervalMs: number;
  /** The environment variable that holds the key, for the hint of a refusal. */
  readonly keyVariable?: string;
  readonly secrets: readonly (string | undefined)[];
  request(query: string): { readonly url: URL; readonly headers: Readonly<Record<string, string>> };
  /** Reads the body of a 200 answer; throws what a schema throws when it is not of the documented shape. */
  read(body: unknown, place: Place): RemoteResult;
};

/** Answers by key; a file, a database or a Map. What may be stored is between the user and the service. */
export type GeocodeCache = {
  get(key: string): RemoteResult | undefined;
  set(key: string, result: RemoteResult): Promise<void>;
};

export type RemoteOptions = {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly cache?: GeocodeCache;
  readonly retry?: Partial<RetryPolicy>;
  readonly timeoutMs?: number;
};

const DEFAULT_TIMEOUT_MS = 30_000;

/** The paper's query: one string, "city, country", without parts that say that they are not known. */
export function queryOf({ city = '', region = '', country }: Place): string {
  return [city, region, country].filter((part) => part.trim() !== '' && !isDenial(part)).join(', ');
}

export function remoteGeocoder(service: RemoteService, options: RemoteOptions): Geocoder {
  const { provenance } = service;
  const pace = createPace(service.minIntervalMs, options.clock);
  return {
    provenance,
    async geocode(place, { signal }) {
      const query = queryOf(place);
      if (query === '') return { kind: 'notFound', reason: 'Neither a country nor a city is named.', provenance };
      const key = `${provenance.provider} ${provenance.version} ${query}`;
      const cached = options.cache?.get(key);
      if (cached !== undefined) return { ...cached, provenance: { ...provenance, cached: true } };
      const { clock, random, retry } = options;
      const result = await withRetry(
        async () => {
          await pace(signal);
          return readAnswer(service, await ask(service, query, { ...options, signal }), place);
        },
        { clock, random, signal, ...(retry !== undefined && { policy: retry }) },
      );
      await options.cache?.set(key, result);
      return { ...result, provenance };
    },
  };
}

function readAnswer(service: RemoteService, body: unknown, place: Place): RemoteResult {
  try {
    return service.read(body, place);
  } catch (error) {
    throw new GlobeError({
      code: 'service',
      message: `${service.title} answered in a shape that this program does not know: ${messageOf(error)}`,
      hint: 'The service may have changed its interface; please report it.',
      cause: error,
    });
  }
}

/** Lets calls start no closer together than the interval, in the order in which they asked. */
function createPace(intervalMs: number, clock: Clock): (signal: AbortSignal) => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const now = clock.now();
    const start = Math.max(now, next);
    next = start + intervalMs;
    if (start > now) await clock.sleep(start - now, signal);
  };
}

type Call = RemoteOptions & { readonly signal: AbortSignal };

async function ask(service: RemoteService, query: string, call: Call): Promise<unknown> {
  const { url, headers } = service.request(query);
  using deadline = call.clock.deadline(call.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  using end = firstAbort([call.signal, deadline.signal]);
  const secret = (text: string): string => redact(text, service.secrets);
  try {
    const response = await call.fetch(url, { headers, signal: end.signal });
    if (!response.ok)
      throw refusal(service, response, { said: secret(await response.text()), nowMs: call.clock.now() });
    return await response.json();
  } catch (error) {
    if (error instanceof GlobeError) throw error;
    call.signal.throwIfAborted();
    throw new GlobeError({
      code: deadline.signal.aborted ? 'timeout' : 'service',
      message: secret(`${service.title} did not answer properly for “${query}”: ${messageOf(error)}.`),
      hint: 'Check the network, or geocode offline with --provider gazetteer.',
      retryable: true,
    });
  }
}

function refusal(
  service: RemoteService,
  { status, headers }: Response,
  { said, nowMs }: { readonly said: string; readonly nowMs: number },
): GlobeError {
  const retryable = status === 408 || status === 429 || status >= 500;
  const retryAfterMs = retryAfter(headers.get('retry-after'), nowMs);
  const key = status === 401 || status === 403 ? service.keyVariable : undefined;
  return new GlobeError({
    code: retryable ? 'service' : 'rejected',
    message: `${service.title} answered ${status}: ${said.slice(0, 200).trim() || 'no reason given'}.`,
    retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(key !== undefined && { hint: `Put a valid key into the environment variable ${key}.` }),
  });
}

/** Retry-After in seconds or as an HTTP date, in milliseconds from now. */
function retryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
