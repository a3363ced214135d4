/** The outcome of one image: the types behind every measurement in this folder. */
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
  /** Without an answer: the request failed, or the file has none. */
  | { readonly kind: 'failed'; readonly reason: string };

export type Granularity = 'coordinate' | 'city' | 'region' | 'country';

export type Truth = {
  readonly coordinate: Coordinate;
  /** From the benchmark's own labels, if it has them. */
  readonly place?: Place;
};

/** One row of a benchmark: a model's outcome, measured against the truth. */
export type MeasuredOutcome = {
  readonly id: string;
  readonly truth: Truth;
  readonly outcome: Outcome;
  /** Great-circle distance to the truth; absent unless located. */
  readonly distanceKm?: number;
  /** Whether the places agree; absent without a true place. */
  readonly countryMatch?: boolean;
  readonly cityMatch?: boolean;
  /** Country of the truth, ISO 3166-1 alpha-2, for the breakdown. */
  readonly countryCode?: string;
  readonly scene?: Scene;
  readonly author?: string;
  /** In [0, 1]. */
  readonly confidence?: number;
};

/** The scenes of Places365's S3 level, in the order of their numbers in MP-16's metadata. */
export const SCENES = ['indoor', 'natural', 'urban'] as const;

export type Scene = (typeof SCENES)[number];

/** A scene from its number (S3_Label) or its name; undefined for anything else. */
export function sceneOf(text: string): Scene | undefined {
  return SCENES[Number(text)] !== undefined && text.trim() !== ''
    ? SCENES[Number(text)]
    : SCENES.find((scene) => scene === text.toLowerCase());
}
