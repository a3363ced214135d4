/** What became of one image: the vocabulary of every measurement in this folder. */
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';

/** A prediction made comparable: a position, or the reason why there is none. */
export type Outcome =
  | {
      readonly kind: 'located';
      readonly coordinate: Coordinate;
      readonly place?: Place;
      readonly granularity?: Granularity;
    }
  /** The model declined to say. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The model answered, and no place could be read from it. */
  | { readonly kind: 'unparseable'; readonly reason: string }
  /** A place was named that the geocoder does not know. */
  | { readonly kind: 'notGeocodable'; readonly reason: string; readonly place?: Place }
  /** No answer to measure: the request failed, or the file records none. */
  | { readonly kind: 'failed'; readonly reason: string };

export type Granularity = 'coordinate' | 'city' | 'region' | 'country';

export type Truth = {
  readonly coordinate: Coordinate;
  /** From the benchmark's own labels, where it has them. */
  readonly place?: Place;
};

/** One row of a benchmark: a model's outcome, measured against the truth. */
export type MeasuredOutcome = {
  readonly id: string;
  readonly truth: Truth;
  readonly outcome: Outcome;
  /** Great-circle distance to the truth; absent unless located. */
  readonly distanceKm?: number;
  /** Whether the places agree; absent where there is nothing to compare with. */
  readonly countryMatch?: boolean;
  readonly cityMatch?: boolean;
  /** Country of the truth, ISO 3166-1 alpha-2, for the breakdown. */
  readonly countryCode?: string;
  readonly scene?: Scene;
  readonly author?: string;
  /** In [0, 1]. */
  readonly confidence?: number;
};

/** The S3 level of Places365, as MP-16's metadata numbers it. */
export const SCENES = ['indoor', 'natural', 'urban'] as const;

export type Scene = (typeof SCENES)[number];

/** A scene from its number (S3_Label) or its name; undefined for anything else. */
export function sceneOf(text: string): Scene | undefined {
  return SCENES[Number(text)] !== undefined && text.trim() !== ''
    ? SCENES[Number(text)]
    : SCENES.find((scene) => scene === text.toLowerCase());
}
