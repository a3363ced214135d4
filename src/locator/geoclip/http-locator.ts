/**
 * A GPS annotator behind HTTP: GeoCLIP, or anything else that places an image, on another machine. The contract is small:
 *
 *   POST URL, the image as the body, Content-Type image/jpeg or image/png, Authorization: Bearer KEY where a key is given
 *   200 { "latitude": degrees, "longitude": degrees, "confidence": in [0, 1] }
 *
 * Other fields are ignored. 408, 425, 429 and 5xx are retried; any other status rejects the image.
 */
import { firstAbort } from '../../service/first-abort.ts';
import { z } from 'zod';
import { coordinate } from '../../core/coordinate.ts';
import { GlobeError, messageOf } from '../../core/errors.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { systemClock } from '../../service/clock.ts';
import type { Clock } from '../../service/clock.ts';
import { redact } from '../../service/redact.ts';
import { withRetry } from '../../service/retry.ts';
import type { RetryPolicy } from '../../service/retry.ts';
import type { Locator } from '../locator.ts';
import { located } from '../ranked-position.ts';
import type { RankedPosition } from './geoclip-locator.ts';

export type HttpLocatorOptions = {
  readonly url: string;
  readonly name?: string;
  readonly apiKey?: string;
  readonly gazetteer?: Pick<Gazetteer, 'reverse'>;
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly random?: () => number;
};

export const DEFAULT_LOCATOR_TIMEOUT_MS = 60_000;

const answerSchema = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  confidence: z.number().min(0).max(1),
});

const RETRYABLE_STATUS = new Set([408, 425, 429]);

export function httpLocator(options: HttpLocatorOptions): Locator {
  const { url, apiKey, gazetteer, retry, timeoutMs = DEFAULT_LOCATOR_TIMEOUT_MS } = options;
  const { fetch = globalThis.fetch, clock = systemClock, random = Math.random } = options;
  const server = redact(url.split('?')[0]!, [apiKey]);

  async function attempt(image: PreparedImage, signal: AbortSignal): Promise<RankedPosition> {
    using deadline = clock.deadline(timeoutMs);
    using end = firstAbort([signal, deadline.signal]);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': image.mediaType,
          accept: 'application/json',
          ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
        },
        body: new Uint8Array(image.bytes),
        signal: end.signal,
      });
      if (!response.ok) throw refusal(response, redact(await response.text(), [apiKey]));
      return readAnswer(await response.json());
    } catch (error) {
      if (error instanceof GlobeError) throw error;
      signal.throwIfAborted();
      const reason = deadline.signal.aborted ? `no answer within ${timeoutMs / 1000} s` : messageOf(deepest(error));
      throw new GlobeError({
        code: deadline.signal.aborted ? 'timeout' : 'service',
        message: redact(`${server} did not answer properly: ${reason}.`, [apiKey]),
        hint: 'Check that the service is running and that its URL is right.',
        retryable: true,
        cause: error,
      });
    }
  }

  function readAnswer(body: unknown): RankedPosition {
    const parsed = answerSchema.safeParse(body);
    if (parsed.success) {
      const { latitude, longitude, confidence } = parsed.data;
      return { coordinate: coordinate(latitude, longitude), confidence };
    }
    throw new GlobeError({
      code: 'service',
      message: `${server} answered without a position: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
      hint: 'It must answer {"latitude": degrees, "longitude": degrees, "confidence": 0 to 1}.',
    });
  }

  function refusal(response: Response, said: string): GlobeError {
    const retryable = RETRYABLE_STATUS.has(response.status) || response.status >= 500;
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return new GlobeError({
      code: retryable ? 'service' : 'rejected',
      message: `${server} answered ${response.status}: ${said.slice(0, 200)}`,
      retryable,
      ...(Number.isFinite(seconds) && { retryAfterMs: seconds * 1000 }),
    });
  }

  return {
    name: options.name ?? server,
    locate: async (image, { signal }) => {
      const position = await withRetry(async () => attempt(image, signal), {
        clock,
        random,
        signal,
        ...(retry !== undefined && { policy: retry }),
      });
      return located([position], gazetteer);
    },
  };
}

/** fetch says only "fetch failed"; what happened is its cause. */
function deepest(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause !== undefined) current = current.cause;
  return current;
}
