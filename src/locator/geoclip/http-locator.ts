/**
 * A GPS annotator behind HTTP: GeoCLIP, or any other service that locates images. The contract:
 *
 *   POST URL, the image as the body, Content-Type image/jpeg or image/png, Authorization: Bearer KEY if a key is set
 *   200 { "latitude": degrees, "longitude": degrees, "confidence": in [0, 1] }
 *
 * Other fields are ignored. 408, 425, 429 and 5xx are retried; any other status rejects the image.
 */
import { z } from 'zod';
import { coordinate } from '../../core/coordinate.ts';
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { callService, jsonOf, type ServiceCall } from '../../service/call-service.ts';
import { systemClock } from '../../service/clock.ts';
import type { Clock } from '../../service/clock.ts';
import { keepSecret, redact } from '../../service/redact.ts';
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

const DEFAULT_LOCATOR_TIMEOUT_MS = 60_000;

const answerSchema = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  confidence: z.number().min(0).max(1),
});

export function httpLocator(options: HttpLocatorOptions): Locator {
  const { url, apiKey, gazetteer, retry, timeoutMs = DEFAULT_LOCATOR_TIMEOUT_MS } = options;
  const { fetch = globalThis.fetch, clock = systemClock, random = Math.random } = options;
  const server = redact(url.split('?')[0]!, [keepSecret(apiKey)]);

  async function attempt(image: PreparedImage, signal: AbortSignal): Promise<RankedPosition> {
    const call: ServiceCall = {
      url,
      request: {
        method: 'POST',
        headers: {
          'content-type': image.mediaType,
          accept: 'application/json',
          ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
        },
        body: new Uint8Array(image.bytes),
      },
      title: server,
      secrets: [apiKey],
      timeoutMs,
      hint: 'Check that the service is running and that its URL is right.',
      fetch,
      clock,
      signal,
    };
    return readAnswer(jsonOf(await callService(call), call));
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
      hint: 'The service must answer {"latitude": degrees, "longitude": degrees, "confidence": 0 to 1}.',
    });
  }

  return {
    name: options.name ?? server,
    locate: async (image, { signal }) => {
      const position = await withRetry(async () => attempt(image, signal), {
        clock,
        random,
        signal,
        ...defined({ policy: retry }),
      });
      return located([position], gazetteer);
    },
  };
}
