/**
 * Interfaces of the offline gazetteer and of every geocoder, which convert places to coordinates and back. An unknown
 * place gives `notFound` with a reason, never a default coordinate.
 */
import type { Coordinate } from '../core/coordinate.ts';
import type { Correction, GeocodedPlace, MatchedBy, Place, PlaceMatch } from '../core/place.ts';

/** The source of a result. Every reported number is stored together with its source. */
export type Provenance = {
  /** 'gazetteer', 'azure-maps' or 'nominatim'. */
  readonly provider: string;
  /** Version of the data or of the service's interface. */
  readonly version: string;
  /** True if the answer came from the cache. */
  readonly cached?: boolean;
};

export type GeocodeCandidate = GeocodedPlace & {
  readonly matchedBy: MatchedBy;
  /** Population; 0 if unknown. */
  readonly population: number;
  /** GeoNames feature code (PPL, PPLA, …); 'ADM1' for a region and 'PCLI' for a country. */
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
      /** The name that was looked up after qualifiers were removed, if it differs from the query. */
      readonly interpretedAs?: string;
      /**
       * Explains why the result is a coarser place than the requested one: the named country has no known city of this
       * name.
       */
      readonly note?: string;
      /** The typing error in the query and its correction. */
      readonly corrected?: Correction;
      /** At most five candidates, best first, including the result itself. */
      readonly candidates: readonly GeocodeCandidate[];
      readonly provenance: Provenance;
    }
  | { readonly kind: 'notFound'; readonly reason: string; readonly provenance: Provenance };

/** The offline gazetteer. It is synchronous and works in memory. */
export interface Gazetteer {
  readonly provenance: Provenance;
  geocode(place: Place): GeocodeResult;
  /**
   * Finds the country by its borders, and in it the city that a person would name, with its region: New York, not
   * Manhattan. The place has no `city` if the country has no place within 100 km. Returns undefined in mid-ocean.
   */
  reverse(coordinate: Coordinate): Place | undefined;
  /**
   * True if the position is in the place's region. If the place names no region, true if the position is in its
   * country. `city` is ignored. Countries have borders with a tolerance of 25 km, and include their territories. A
   * region contains the positions within 150 km of one of its places, because its borders are not known.
   */
  contains(place: Place, coordinate: Coordinate): boolean;
  /** Compares two places. The reward and the evaluation both use this matcher. */
  match(a: Place, b: Place): PlaceMatch;
  /**
   * Reads free text ("Crissy Field, San Francisco, CA") as a known place with the gazetteer's names. Infers the country
   * if the text does not name it.
   */
  parsePlace(text: string): Place | undefined;
}

/**
 * The offline gazetteer with one more method, which splits free text into country, region and city without looking up
 * all names.
 */
export interface OfflineGazetteer extends Gazetteer {
  /** Returns country, region and city as written, even if they are unknown; undefined for an uninformative text. */
  splitPlace(text: string): Place | undefined;
}

/** Any geocoder, offline or remote. Throws a GlobeError only if the infrastructure fails. */
export interface Geocoder {
  readonly provenance: Provenance;
  geocode(place: Place, options: { readonly signal: AbortSignal }): Promise<GeocodeResult>;
}
