/** The types of an image's outcome, which all measurements in this folder use. */
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';

/** A prediction in comparable form: a position, or the reason why it has none. */
export type Outcome =
  | {
      readonly kind: 'located';
      readonly coordinate: Coordinate;
      readonly place?: Place;
      readonly granularity?: Granularity;
    }
  /** The model declined to answer. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The model answered, but its text contains no place that can be parsed. */
  | { readonly kind: 'unparseable'; readonly reason: string }
  /** The geocoder does not know the predicted place. */
  | { readonly kind: 'notGeocodable'; readonly reason: string; readonly place?: Place }
  /** There is no answer: the request failed, or the file of predictions has none. */
  | { readonly kind: 'failed'; readonly reason: string };

export type Granularity = 'coordinate' | 'city' | 'region' | 'country';

export type Truth = {
  readonly coordinate: Coordinate;
  /** The true place from the benchmark's labels, if it has them. */
  readonly place?: Place;
};

/** One row of a benchmark: a model's outcome, measured against the truth. */
export type MeasuredOutcome = {
  readonly id: string;
  readonly truth: Truth;
  readonly outcome: Outcome;
  /** Great-circle distance from prediction to truth; absent unless the outcome is located. */
  readonly distanceKm?: number;
  /** Whether predicted and true country (city) agree; absent without a true place. */
  readonly countryMatch?: boolean;
  readonly cityMatch?: boolean;
  /** Country of the truth, ISO 3166-1 alpha-2, for the breakdown. */
  readonly countryCode?: string;
  readonly scene?: Scene;
  readonly author?: string;
  /** Confidence of the prediction, in [0, 1]. */
  readonly confidence?: number;
};

/** The three scene types of Places365 (S3), at the index that is their number in MP-16's metadata. */
export const SCENES = ['indoor', 'natural', 'urban'] as const;

export type Scene = (typeof SCENES)[number];

/** A scene from its number (S3_Label) or its name; undefined for anything else. */
export function sceneOf(text: string): Scene | undefined {
  return SCENES[Number(text)] !== undefined && text.trim() !== ''
    ? SCENES[Number(text)]
    : SCENES.find((scene) => scene === text.toLowerCase());
}
