/**
 * Code that all remote geocoders share: the query, the cache, rate limits, retries, deadlines and redaction. Each
 * service's own file only builds the request and reads the answer. No request is sent unless the user chose the
 * service.
 */
import { defined } from '../../core/defined.ts';
import type { Place } from '../../core/place.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import { callService, jsonOf, type ServiceCall } from '../../service/call-service.ts';
import type { Clock } from '../../service/clock.ts';
import { type RetryPolicy, withRetry } from '../../service/retry.ts';
import type { Geocoder, GeocodeResult, Provenance } from '../gazetteer.ts';
import { isDenial } from '../words.ts';

type WithoutProvenance<T> = T extends unknown ? Omit<T, 'provenance'> : never;
/** A geocoding result without its provenance, as read from a service's answer and as stored in the cache. */
export type RemoteResult = WithoutProvenance<GeocodeResult>;

export type RemoteService = {
  readonly provenance: Provenance;
  /** The service's name in error messages. */
  readonly title: string;
  /** Minimum time between two calls; 0 for no limit. */
  readonly minIntervalMs: number;
  /** The environment variable that contains the key. The hint for a rejected key names it. */
  readonly keyVariable?: string;
  readonly secrets: readonly (string | undefined)[];
  request(query: string): { readonly url: URL; readonly headers: Readonly<Record<string, string>> };
  /**
   * Reads the body of an answer with status 200. Throws a schema error if the body does not have the documented shape.
   */
  read(body: unknown, place: Place): RemoteResult;
};

/** Stores answers by key, in a file, a database or a Map. The service's terms determine what the user may store. */
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

/** Builds the query as in the paper: one string "city, country". Omits parts that say that a place is unknown. */
function queryOf({ city = '', region = '', country }: Place): string {
  return [city, region, country].filter((part) => part.trim() !== '' && !isDenial(part)).join(', ');
}

export function remoteGeocoder(service: RemoteService, options: RemoteOptions): Geocoder {
  const { provenance } = service;
  const pace = createPace(service.minIntervalMs, options.clock);
  return {
    provenance,
    async geocode(place, { signal }) {
      const query = queryOf(place);
      if (query === '')
        return { kind: 'notFound', reason: 'The query names neither a country nor a city.', provenance };
      const key = `${provenance.provider} ${provenance.version} ${query}`;
      const cached = options.cache?.get(key);
      if (cached !== undefined) return { ...cached, provenance: { ...provenance, cached: true } };
      const { clock, random, retry } = options;
      const result = await withRetry(
        async () => {
          await pace(signal);
          return readAnswer(service, await ask(service, query, { ...options, signal }), place);
        },
        { clock, random, signal, ...defined({ policy: retry }) },
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
      message: `${service.title} answered in an unknown format: ${messageOf(error)}`,
      hint: 'The service may have changed its interface. Please report this error.',
      cause: error,
    });
  }
}

/** Starts calls in order, at least one interval apart. */
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
  const { title, secrets, keyVariable } = service;
  const { fetch, clock, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = call;
  const request: ServiceCall = {
    url,
    request: { headers },
    title,
    about: ` for “${query}”`,
    secrets,
    timeoutMs,
    hint: 'Check the network, or geocode offline with --provider gazetteer.',
    hintOf: (status) =>
      keyVariable !== undefined && (status === 401 || status === 403)
        ? `Set a valid key in the environment variable ${keyVariable}.`
        : undefined,
    fetch,
    clock,
    signal,
  };
  return jsonOf(await callService(request), request);
}
