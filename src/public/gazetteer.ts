/** `globe-geolocation/gazetteer`: converts place names to coordinates and back, offline, and compares places. */
export { type Coordinate, coordinate, isCoordinate } from '../core/coordinate.ts';
export { distanceKm, EARTH_RADIUS_KM } from '../core/distance.ts';
export { type GeocodedPlace, type Iso2, type MatchedBy, type Place, type PlaceMatch } from '../core/place.ts';

export {
  type Gazetteer,
  type GeocodeCandidate,
  type GeocodeResult,
  type Geocoder,
  type OfflineGazetteer,
  type Provenance,
} from '../gazetteer/gazetteer.ts';
export { GAZETTEER_PATH, openGazetteer } from '../gazetteer/open.ts';

export { type AzureMapsOptions, azureMaps } from '../gazetteer/geocoders/azure-maps.ts';
export { openFileCache } from '../gazetteer/geocoders/file-cache.ts';
export { NOMINATIM_ATTRIBUTION, type NominatimOptions, nominatim } from '../gazetteer/geocoders/nominatim.ts';
export { offlineGeocoder } from '../gazetteer/geocoders/offline.ts';
export { type GeocodeCache, type RemoteOptions } from '../gazetteer/geocoders/remote.ts';
