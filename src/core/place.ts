/** A place as people and models name it, and the result of comparing two places. */
import type { Coordinate } from './coordinate.ts';

/** ISO 3166-1 alpha-2 code in upper case. Kosovo is XK, as in GeoNames. */
export type Iso2 = string;

export type Place = {
  /**
   * The country's name as written, or its name in the gazetteer if the gazetteer created the place. Empty if only a
   * city was named.
   */
  readonly country: string;
  readonly countryCode?: Iso2;
  /** First-level administrative region (state, province), if it was named or is known. */
  readonly region?: string;
  readonly city?: string;
  readonly geonameId?: number;
};

/**
 * How a name matched a place: by GeoNames id, exact name, alternate name, folded spelling, or a few changed characters.
 */
export type MatchedBy = 'id' | 'exact' | 'alias' | 'fold' | 'edit';

/** A corrected typing error in a name. */
export type Correction = {
  readonly written: string;
  /** The correct name that replaced the written one. */
  readonly read: string;
};

/** Whether two places have the same country and the same city, with a reason. */
export type PlaceMatch = {
  readonly country: boolean;
  readonly city: boolean;
  /** How the names matched; 'none' if they did not match. */
  readonly matchedBy: MatchedBy | 'none';
  /** One sentence that explains the result to people. */
  readonly reason: string;
  /** Typing errors that were corrected in either place. */
  readonly corrected?: readonly Correction[];
};

/** A named place with a representative position: the result of a geocoder. */
export type GeocodedPlace = {
  readonly place: Place;
  readonly coordinate: Coordinate;
};
