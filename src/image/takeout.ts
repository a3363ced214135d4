/** Reads the JSON file that Google Takeout writes beside each photo. */
import { z } from 'zod';
import { isCoordinate } from '../core/coordinate.ts';
import { defined } from '../core/defined.ts';
import type { GpsPosition } from './gps-position.ts';

const degrees = z.coerce.number().optional().catch(undefined);
const place = z.object({ latitude: degrees, longitude: degrees }).optional().catch(undefined);

const takeoutSchema = z.object({
  /**
   * `geoData` is the position in Google Photos, which the user can correct. `geoDataExif` is the position in the
   * photo's EXIF.
   */
  geoData: place,
  geoDataExif: place,
  photoTakenTime: z
    .object({ timestamp: z.coerce.number().int().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** Reads position and time (UTC). Returns an empty object for a text that is not Takeout's JSON. */
export function readTakeout(text: string): GpsPosition & { readonly takenAt?: string } {
  const parsed = takeoutSchema.safeParse(parseJson(text));
  if (!parsed.success) return {};
  const { geoData, geoDataExif, photoTakenTime } = parsed.data;
  const takenAt = utc(photoTakenTime?.timestamp);
  for (const { latitude = 0, longitude = 0 } of [geoData ?? {}, geoDataExif ?? {}]) {
    // Google writes 0, 0 for a photo without a position.
    if (latitude === 0 && longitude === 0) continue;
    if (!isCoordinate(latitude, longitude)) {
      return {
        problem: `The Takeout position (${latitude}, ${longitude}) is invalid.`,
        ...defined({ takenAt }),
      };
    }
    return { coordinate: { latitudeDegrees: latitude, longitudeDegrees: longitude }, ...defined({ takenAt }) };
  }
  return defined({ takenAt });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const MAX_EPOCH_SECONDS = 8.64e12;

function utc(epochSeconds: number | undefined): string | undefined {
  if (epochSeconds === undefined || epochSeconds === 0 || Math.abs(epochSeconds) > MAX_EPOCH_SECONDS) return undefined;
  return `${new Date(epochSeconds * 1000).toISOString().slice(0, 19)}+00:00`;
}
