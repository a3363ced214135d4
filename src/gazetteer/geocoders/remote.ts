/**
 * What every remote geocoder shares: the query, a cache, a polite pace, retries, deadlines and redaction. A service
 * beside this file only says how to ask and how to read the answer. Nothing here is called unless a user chose it.
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
  const { title, secrets, keyVariable } = service;
  const { fetch, clock, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = call;
  const asked: ServiceCall = {
    url,
    request: { headers },
    title,
    about: ` for “${query}”`,
    secrets,
    timeoutMs,
    hint: 'Check the network, or geocode offline with --provider gazetteer.',
    hintOf: (status) =>
      keyVariable !== undefined && (status === 401 || status === 403)
        ? `Put a valid key into the environment variable ${keyVariable}.`
        : undefined,
    fetch,
    clock,
    signal,
  };
  return jsonOf(await callService(asked), asked);
}
