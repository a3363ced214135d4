/** The record of one photo in a run's log: which file it was, and the answer. */
import { z } from 'zod';
import type { Answer } from '../../core/answer.ts';
import type { PhotoResult } from '../photo-result.ts';

const coordinate = z.object({ latitudeDegrees: z.number(), longitudeDegrees: z.number() });
export const place = z.object({
  country: z.string(),
  countryCode: z.string().exactOptional(),
  region: z.string().exactOptional(),
  city: z.string().exactOptional(),
  geonameId: z.number().exactOptional(),
});
const level = z.enum(['coordinate', 'city', 'region', 'country']);
const kind = z.enum(['located', 'refused', 'unparseable', 'notGeocodable']);
const alternative = z.object({
  place: place.exactOptional(),
  coordinate,
  granularity: level,
  probability: z.number().exactOptional(),
});
const shares = z.object({
  country: z.number().exactOptional(),
  region: z.number().exactOptional(),
  city: z.number().exactOptional(),
});
const sample = z.object({
  completion: z.string().exactOptional(),
  /** Written by this program; the log's digest detects changes. */
  answer: z.custom<Answer>((value) => typeof value === 'object' && value !== null && 'kind' in value),
  coordinate: coordinate.exactOptional(),
  reason: z.string().exactOptional(),
});

const answered = z.object({
  image: z.string(),
  kind,
  place: place.exactOptional(),
  coordinate: coordinate.exactOptional(),
  granularity: level.exactOptional(),
  reasoning: z.string(),
  radiusKm: z.number().exactOptional(),
  spreadKm: z.number().exactOptional(),
  agreement: z.object({ samples: z.number(), of: z.number() }).exactOptional(),
  confidence: z.number().exactOptional(),
  support: shares.exactOptional(),
  probability: shares.exactOptional(),
  alternatives: z.array(alternative).exactOptional(),
  reason: z.string().exactOptional(),
  samples: z.array(sample),
  usage: z.object({ promptTokens: z.number(), completionTokens: z.number() }).exactOptional(),
  positionFrom: z.enum(['model', 'exif']).exactOptional(),
  exif: z
    .object({
      coordinate: coordinate.exactOptional(),
      positionSource: z.enum(['XMP', 'XMP sidecar', 'Google Takeout']).exactOptional(),
      takenAt: z.string().exactOptional(),
      problem: z.string().exactOptional(),
    })
    .exactOptional(),
  exifDistanceKm: z.number().exactOptional(),
  model: z
    .object({
      kind,
      place: place.exactOptional(),
      coordinate: coordinate.exactOptional(),
      granularity: level.exactOptional(),
      alternatives: z.array(alternative).exactOptional(),
    })
    .exactOptional(),
});

const failed = z.object({
  image: z.string(),
  kind: z.literal('failed'),
  error: z.object({
    code: z.enum(['invalid-input', 'not-found', 'service', 'timeout', 'rejected', 'denied', 'internal']),
    message: z.string(),
    hint: z.string().exactOptional(),
  }),
});

/** Size and modification time of a photo's file. They show cheaply that a file has not changed since its answer. */
const fileState = z.object({ bytes: z.number(), modifiedMs: z.number() });

export type FileState = z.infer<typeof fileState>;

export const photoRecordSchema = z.object({
  photo: z.string(),
  file: fileState.exactOptional(),
  /** SHA-256 of the file's content. Absent if the file could not be read. */
  content: z.string().exactOptional(),
  /** The photo with the same content whose answer this is. */
  sameAs: z.string().exactOptional(),
  /** Why the photo was left out: `--only-without-gps`. */
  skipped: z.string().exactOptional(),
  /** Absent if the photo was left out. */
  result: z.union([answered, failed]).exactOptional(),
  /** The small copy for the page: a file in the run's folder. */
  thumbnail: z.string().exactOptional(),
});

/** A record contains no time of its own, so that a resumed run exports the same bytes as an undisturbed one. */
export type PhotoRecord = Omit<z.infer<typeof photoRecordSchema>, 'result'> & { readonly result?: PhotoResult };

/** True if the photo needs another try: it failed, or it has no record. */
export const isOpen = (record: PhotoRecord | undefined): boolean =>
  record === undefined || record.result?.kind === 'failed';
