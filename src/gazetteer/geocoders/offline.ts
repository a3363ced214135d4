/** Adapts the offline gazetteer to the interface of the remote geocoders. */
import type { Gazetteer, Geocoder } from '../gazetteer.ts';

export function offlineGeocoder(gazetteer: Gazetteer): Geocoder {
  return {
    provenance: gazetteer.provenance,
    geocode: async (place, { signal }) => {
      signal.throwIfAborted();
      return Promise.resolve(gazetteer.geocode(place));
    },
  };
}
