/** The types of outcomes, which all measurements in this folder use. */
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';

/** The outcome for one image: a position, or the reason why there is none. */
export type Outcome =
  | {
      readonly kind: 'located';
      readonly coordinate: Coordinate;
      readonly place?: Place;
      readonly granularity?: Granularity;
    }
  /** The model declined to answer. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The model answered, but no place can be parsed from its text. */
  | { readonly kind: 'unparseable'; readonly reason: string }
  /** The geocoder does not know the predicted place. */
  | { readonly kind: 'notGeocodable'; readonly reason: string; readonly place?: Place }
  /** There is no answer, because the request failed or the file of predictions has none. */
  | { readonly kind: 'failed'; readonly reason: string };

export type Granularity = 'coordinate' | 'city' | 'region' | 'country';

export type Truth = {
  readonly coordinate: Coordinate;
  /** The true place from the benchmark's labels; absent without labels. */
  readonly place?: Place;
};

/** One row of a benchmark: a model's outcome, measured against the truth. */
export type MeasuredOutcome = {
  readonly id: string;
  readonly truth: Truth;
  readonly outcome: Outcome;
  /** Great-circle distance from prediction to truth in km; present only if the outcome is located. */
  readonly distanceKm?: number;
  /** Whether the predicted country or city matches the true one; absent if the true one is unknown. */
  readonly countryMatch?: boolean;
  readonly cityMatch?: boolean;
  /** The true country as ISO 3166-1 alpha-2 code, for the breakdown. */
  readonly countryCode?: string;
  readonly scene?: Scene;
  readonly author?: string;
  /** Confidence of the prediction, in [0, 1]. */
  readonly confidence?: number;
};

/** The three scenes of Places365 (S3). A scene's index is its number in MP-16's metadata. */
export const SCENES = ['indoor', 'natural', 'urban'] as const;

export type Scene = (typeof SCENES)[number];

/** Returns the scene for a number (S3_Label) or a name; undefined for any other text. */
export function sceneOf(text: string): Scene | undefined {
  return SCENES[Number(text)] !== undefined && text.trim() !== ''
    ? SCENES[Number(text)]
    : SCENES.find((scene) => scene === text.toLowerCase());
}
