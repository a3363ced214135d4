/**
 * Notices that the service behind a run is down, so that a run ends early instead of repeating every request for every
 * photo.
 */
import { GlobeError } from '../../core/errors.ts';

/** Number of failed photos in a row that ends a run, because the other photos would fail too. */
const MAX_FAILED_PHOTOS = 20;
/** Number of failed requests in a row, over all photos, after which failed requests are no longer repeated. */
const MAX_FAILED_CALLS = 12;

const SERVICE_CODES: ReadonlySet<GlobeError['code']> = new Set(['service', 'timeout', 'denied']);

export type ServiceOutage = {
  /** For the retry policy: counts a failed call, and returns true while calls should not be repeated. */
  readonly givesUp: (error: GlobeError) => boolean;
  readonly answered: () => void;
  /** Counts a failed photo. Throws if the run must end. */
  readonly failed: (error: GlobeError) => void;
};

export function createServiceOutage(): ServiceOutage {
  let calls = 0;
  let photos = 0;
  let answers = 0;
  return {
    givesUp: ({ retryAfterMs }) => {
      // A service that names a delay works; it limits the rate.
      if (retryAfterMs === undefined) calls += 1;
      return calls >= MAX_FAILED_CALLS;
    },
    answered: () => {
      answers += 1;
      calls = 0;
      photos = 0;
    },
    failed: (error) => {
      // A broken file or a filtered photo says nothing about the service.
      if (!SERVICE_CODES.has(error.code)) return;
      if (error.code === 'denied' && answers === 0) throw error;
      photos += 1;
      if (photos < MAX_FAILED_PHOTOS) return;
      throw new GlobeError({
        code: 'service',
        message: `${MAX_FAILED_PHOTOS} photos in a row failed. The last error: ${error.message}`,
        hint: 'Fix the cause and run the same command again: answers are kept, failed photos are retried.',
        cause: error,
      });
    },
  };
}
