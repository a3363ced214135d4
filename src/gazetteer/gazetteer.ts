/**
 * Places to coordinates and back. The interface of the offline gazetteer, and of every geocoder; implementations
 * stand beside it. A place that is not known is `notFound` with the reason, never a default coordinate.
 */
import type { Coordinate } from '../core/coordinate.ts';
import type { GeocodedPlace, MatchedBy, Place, PlaceMatch } from '../core/place.ts';

/** Where a result came from, for the protocol beside every number. */
export type Provenance = {
  /** 'gazetteer', 'azure-maps' or 'nominatim'. */
  readonly provider: string;
  /** Version of the data or of the service's interface. */
  readonly version: string;
  /** True when the answer was taken from the cache. */
  readonly cached?: boolean;
};

export type GeocodeCandidate = GeocodedPlace & {
  readonly matchedBy: MatchedBy;
  /** Population, 0 where it is unknown. */
  readonly population: number;
  /** GeoNames feature code (PPL, PPLA, ...), or 'ADM1', 'PCLI' for regions and countries. */
  readonly feature: string;
};

export type GeocodeResult =
  /** A city, or a region or island named in a city's place (see `granularity`). */
  | {
      readonly kind: 'found';
      readonly place: Place;
      readonly coordinate: Coordinate;
      readonly granularity: 'city' | 'region' | 'country';
      readonly matchedBy: MatchedBy;
      /** The name that was looked up after qualifiers were taken off, where it differs from what was asked. */
      readonly interpretedAs?: string;
      /** Why a coarser place stands for the one asked: the city is not known in the country that was named. */
      readonly note?: string;
      /** Best first, the winner included; at most five. */
      readonly candidates: readonly GeocodeCandidate[];
      readonly provenance: Provenance;
    }
  | { readonly kind: 'notFound'; readonly reason: string; readonly provenance: Provenance };

/** The offline gazetteer: synchronous, in memory. */
export interface Gazetteer {
  readonly provenance: Provenance;
  geocode(place: Place): GeocodeResult;
  /** The nearest city within 100 km (`city` absent further away), its region and country. */
  reverse(coordinate: Coordinate): Place | undefined;
  /** The matcher of reward and evaluation alike. */
  match(a: Place, b: Place): PlaceMatch;
  /** Free text ("Crissy Field, San Francisco, CA") to a known place, in the gazetteer's names; the country may be inferred. */
  parsePlace(text: string): Place | undefined;
}

/** What opening the file gives: the gazetteer, and how it cuts free text for geocoders that look names up themselves. */
export interface OfflineGazetteer extends Gazetteer {
  /** Country, region and city as written, known or not; undefined for a text that says nothing. */
  splitPlace(text: string): Place | undefined;
}

/** Any geocoder, offline or remote. Throws a GlobeError only for infrastructure. */
export interface Geocoder {
  readonly provenance: Provenance;
  geocode(place: Place, options: { readonly signal: AbortSignal }): Promise<GeocodeResult>;
}
