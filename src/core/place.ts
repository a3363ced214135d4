/** A place as people and models name it, and the result of comparing two places. */
import type { Coordinate } from './coordinate.ts';

/** ISO 3166-1 alpha-2 code, upper case; XK for Kosovo, as GeoNames writes it. */
export type Iso2 = string;

export type Place = {
  /** As written, or the gazetteer's name if the gazetteer created the place. Empty if only a city was named. */
  readonly country: string;
  readonly countryCode?: Iso2;
  /** First-level administrative region (state, province), if it was named or is known. */
  readonly region?: string;
  readonly city?: string;
  readonly geonameId?: number;
};

/** How a name led to a place: by GeoNames id, exact name, alternate name, folded spelling, or small edits. */
export type MatchedBy = 'id' | 'exact' | 'alias' | 'fold' | 'edit';

/** A typing error that was corrected in a name. */
export type Correction = {
  readonly written: string;
  /** The correct name that was read instead. */
  readonly read: string;
};

/** Whether two places have the same country and the same city, and why. */
export type PlaceMatch = {
  readonly country: boolean;
  readonly city: boolean;
  /** How the names were found to match; 'none' if nothing matched. */
  readonly matchedBy: MatchedBy | 'none';
  /** One sentence for people. */
  readonly reason: string;
  /** Typing errors that were corrected in either place. */
  readonly corrected?: readonly Correction[];
};

/** A named place with a representative position: what a geocoder finds. */
export type GeocodedPlace = {
  readonly place: Place;
  readonly coordinate: Coordinate;
};
