/** The geocoder that `--provider` names, with its key, cache and clock from the outside world. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Geocoder, OfflineGazetteer } from '../../gazetteer/gazetteer.ts';
import { AZURE_KEY_VARIABLE, azureMaps } from '../../gazetteer/geocoders/azure-maps.ts';
import { openFileCache } from '../../gazetteer/geocoders/file-cache.ts';
import { nominatim, NOMINATIM_ATTRIBUTION } from '../../gazetteer/geocoders/nominatim.ts';
import { offlineGeocoder } from '../../gazetteer/geocoders/offline.ts';
import { systemClock } from '../../service/clock.ts';
import { note } from '../output.ts';

export const PROVIDERS = ['gazetteer', 'azure', 'nominatim'] as const;
export type Provider = (typeof PROVIDERS)[number];

export type GeocoderOptions = {
  readonly provider: Provider;
  readonly endpoint?: string;
  /** Folder of the cache files; `false` for none. */
  readonly cache?: string | false;
};

const USER_AGENT = 'globe-geolocation/0.1 (command line; globe geocode --provider nominatim)';

export async function openGeocoder(
  gazetteer: OfflineGazetteer,
  { provider, endpoint, cache = join(homedir(), '.cache', 'globe') }: GeocoderOptions,
): Promise<Geocoder> {
  if (provider === 'gazetteer') return offlineGeocoder(gazetteer);
  const remote = {
    fetch,
    clock: systemClock,
    random: Math.random,
    ...(endpoint !== undefined && { endpoint }),
    ...(cache !== false && { cache: await openFileCache(join(cache, `${provider}.jsonl`)) }),
  };
  if (provider === 'azure') return azureMaps({ ...remote, apiKey: process.env[AZURE_KEY_VARIABLE] });
  note(NOMINATIM_ATTRIBUTION);
  return nominatim({ ...remote, userAgent: USER_AGENT });
}
