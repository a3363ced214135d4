/** The result for one photo, which all output formats use: the model's answer and the photo's own metadata. */
import type { Coordinate } from '../core/coordinate.ts';
import { defined } from '../core/defined.ts';
import { distanceKm } from '../core/distance.ts';
import type { ErrorCode, GlobeError } from '../core/errors.ts';
import type { Place } from '../core/place.ts';
import type { PhotoMetadata } from '../image/photo-metadata.ts';
import type { Location } from './locator.ts';

export type MetadataMode = 'report' | 'use' | 'ignore';

export type PhotoResult =
  | ({
      readonly image: string;
      readonly kind: Location['kind'];
      /** Source of `coordinate`: the model's answer, a person's decision or, with `--metadata use`, the photo's EXIF. */
      readonly positionFrom?: 'model' | 'exif' | 'review';
      /** The last decision of a person on the photo. */
      readonly review?: { readonly decision: 'accept' | 'place' | 'reject'; readonly by: string; readonly at: string };
      readonly exif?: PhotoMetadata;
      /** Distance in km from the model's position to the photo's EXIF position. */
      readonly exifDistanceKm?: number;
      /** The model's own answer, if another position or a person's decision replaced it. */
      readonly model?: Pick<Location, 'kind' | 'place' | 'coordinate' | 'granularity' | 'alternatives'>;
    } & Omit<Location, 'kind'>)
  | {
      readonly image: string;
      readonly kind: 'failed';
      readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint?: string };
    };

export type ReverseGeocode = (coordinate: Coordinate) => Place | undefined;

/**
 * Combines the model's answer with the photo's own metadata. With `use`, a valid EXIF position becomes the location.
 * The model never sees that position, and contributes only its reasons.
 */
export function photoResult(
  location: Location,
  { image, exif, mode, reverse }: { image: string; exif?: PhotoMetadata; mode: MetadataMode; reverse: ReverseGeocode },
): PhotoResult {
  const own = exif?.coordinate;
  const shared = {
    image,
    ...(exif !== undefined && Object.keys(exif).length > 0 && { exif }),
    ...(own !== undefined &&
      location.coordinate !== undefined && { exifDistanceKm: distanceKm(own, location.coordinate) }),
  };
  if (mode !== 'use' || own === undefined) {
    return { ...shared, ...location, ...(location.coordinate !== undefined && { positionFrom: 'model' }) };
  }
  const {
    kind,
    place,
    coordinate,
    granularity,
    alternatives,
    spreadKm: _,
    confidence: __,
    reason: ___,
    radiusKm: ____,
    agreement: _____,
    support: ______,
    probability: _______,
    ...rest
  } = location;
  const ownPlace = reverse(own);
  return {
    ...shared,
    ...rest,
    kind: 'located',
    positionFrom: 'exif',
    coordinate: own,
    granularity: 'coordinate',
    ...defined({ place: ownPlace }),
    model: {
      kind,
      ...defined({ place, coordinate, granularity, alternatives }),
    },
  };
}

export function failedResult(image: string, { code, message, hint }: GlobeError): PhotoResult {
  return { image, kind: 'failed', error: { code, message, ...defined({ hint }) } };
}
