/**
 * The interface of locators. A locator determines where a photo was taken, by classification, retrieval or generation.
 */
import type { Answer } from '../core/answer.ts';
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import type { Usage } from '../vision/vision-model.ts';

export type LocatorSample = {
  /** The raw text of a generative model. */
  readonly completion?: string;
  readonly answer: Answer;
  /** Position of the named place, or the position that the model states; absent if both are unknown. */
  readonly coordinate?: Coordinate;
  /** Why there is no coordinate. */
  readonly reason?: string;
};

/** Another place that the samples name. */
export type LocationAlternative = {
  readonly place?: Place;
  readonly coordinate: Coordinate;
  readonly granularity: 'coordinate' | 'city' | 'region' | 'country';
  /**
   * Share of the samples' votes, in [0, 1]. Absent if the place is no sample's answer and has no stated probability.
   */
  readonly probability?: number;
};

/** A number in [0, 1] for each level of a place that the location names. */
export type LevelShares = {
  readonly country?: number;
  readonly region?: number;
  readonly city?: number;
};

export type Location = {
  /** 'located' has a place or a coordinate. 'notGeocodable' names a place that the geocoder does not know. */
  readonly kind: 'located' | 'refused' | 'unparseable' | 'notGeocodable';
  readonly place?: Place;
  readonly coordinate?: Coordinate;
  readonly granularity?: 'coordinate' | 'city' | 'region' | 'country';
  readonly reasoning: string;
  /**
   * Radius in km around `coordinate` that states how fine the answer is. With a calibration, 80 % of the answers of this
   * kind were within it. Otherwise it is the usual radius of the level, or `spreadKm` if that is larger.
   */
  readonly radiusKm?: number;
  /** How many samples chose the place, of all samples. Needs two samples. */
  readonly agreement?: { readonly samples: number; readonly of: number };
  /**
   * Mean distance in km from the samples' positions to the chosen position, as a measure of uncertainty. Absent with
   * fewer than two located samples.
   */
  readonly spreadKm?: number;
  /**
   * Share of the samples' votes for the chosen place, or the method's own confidence; in [0, 1]. A sample with a stated
   * probability for an alternative gives that share of its vote to the alternative.
   */
  readonly confidence?: number;
  /**
   * Share of the samples' votes for the chosen country, region and city, whatever else they name; with one sample, the
   * method's own confidence at each level. Not calibrated.
   */
  readonly support?: LevelShares;
  /** Calibrated probability that the country, region and city are right. Only with a calibration. */
  readonly probability?: LevelShares;
  /** At most five other places that the samples name, likeliest first. Absent if there are none. */
  readonly alternatives?: readonly LocationAlternative[];
  /** Why the photo is not located. */
  readonly reason?: string;
  readonly samples: readonly LocatorSample[];
  readonly usage?: Usage;
};

export interface Locator {
  /** The locator's name in results. */
  readonly name: string;
  locate(image: PreparedImage, options: { readonly signal: AbortSignal; readonly seed?: number }): Promise<Location>;
}
