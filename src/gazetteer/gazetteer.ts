/**
 * Places to coordinates and back: the interfaces of the offline gazetteer and of every geocoder. An unknown place
 * is `notFound` with the reason, never a default coordinate.
 */
import type { Coordinate } from '../core/coordinate.ts';
import type { Correction, GeocodedPlace, MatchedBy, Place, PlaceMatch } from '../core/place.ts';

/** Where a result came from; recorded with every reported number. */
export type Provenance = {
  /** 'gazetteer', 'azure-maps' or 'nominatim'. */
  readonly provider: string;
  /** Version of the data or of the service's interface. */
  readonly version: string;
  /** True when the answer came from the cache. */
  readonly cached?: boolean;
};

export type GeocodeCandidate = GeocodedPlace & {
  readonly matchedBy: MatchedBy;
  /** Population, 0 if unknown. */
  readonly population: number;
  /** GeoNames feature code (PPL, PPLA, ...), or 'ADM1', 'PCLI' for regions and countries. */
  readonly feature: string;
};

export type GeocodeResult =
  /** A city, or a region or island named in the city field (see `granularity`). */
  | {
      readonly kind: 'found';
      readonly place: Place;
      readonly coordinate: Coordinate;
      readonly granularity: 'city' | 'region' | 'country';
      readonly matchedBy: MatchedBy;
      /** The name looked up after removing qualifiers, if it differs from the query. */
      readonly interpretedAs?: string;
      /** Why a coarser place replaces the requested one: the named country has no known city of this name. */
      readonly note?: string;
      /** A typing error in the query that was corrected. */
      readonly corrected?: Correction;
      /** At most five, best first, including the result itself. */
      readonly candidates: readonly GeocodeCandidate[];
      readonly provenance: Provenance;
    }
  | { readonly kind: 'notFound'; readonly reason: string; readonly provenance: Provenance };

/** The offline gazetteer: synchronous, in memory. */
export interface Gazetteer {
  readonly provenance: Provenance;
  geocode(place: Place): GeocodeResult;
  /**
   * The country by its borders, and in it the city that a person would name, with its region: New York, not Manhattan.
   * No `city` if the country has no place within 100 km; undefined in mid-ocean.
   */
  reverse(coordinate: Coordinate): Place | undefined;
  /** The matcher that both reward and evaluation use. */
  match(a: Place, b: Place): PlaceMatch;
  /**
   * Reads free text ("Crissy Field, San Francisco, CA") as a known place, with the gazetteer's names; may infer the
   * country.
   */
  parsePlace(text: string): Place | undefined;
}

/** The offline gazetteer, which can also split free text for geocoders that look up the names themselves. */
export interface OfflineGazetteer extends Gazetteer {
  /** Country, region and city as written, even if unknown; undefined for an uninformative text. */
  splitPlace(text: string): Place | undefined;
}

/** Any geocoder, offline or remote. Throws a GlobeError only if infrastructure fails. */
export interface Geocoder {
  readonly provenance: Provenance;
  geocode(place: Place, options: { readonly signal: AbortSignal }): Promise<GeocodeResult>;
}
