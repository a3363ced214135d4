/** The result of reading a place: candidates, a country, or the reason why nothing was found. */
import type { Correction, Iso2, MatchedBy, Place } from '../core/place.ts';
import type { Candidate } from './candidates.ts';
import type { CountryRecord } from './format.ts';

/** What a query names, before geocoding converts it into a position. The matcher compares two readings. */
export type Reading =
  | {
      readonly kind: 'rows';
      readonly candidates: readonly Candidate[];
      readonly name: string;
      readonly around?: number;
      readonly note?: string;
      /** The country that the text names. The place may be in another country today. */
      readonly countryCode?: Iso2;
      /** True if the search covered the whole world, because neither a country nor anything else limited it. */
      readonly isWorldwide?: boolean;
      readonly corrected?: Correction;
    }
  | {
      readonly kind: 'country';
      readonly country: CountryRecord;
      readonly matchedBy: MatchedBy;
      readonly note?: string;
      readonly corrected?: Correction;
    }
  | { readonly kind: 'notFound'; readonly reason: string };

/** Reads places with a cache, because models name the same few hundred places repeatedly. */
export type ReadPlace = (place: Place) => Reading;
