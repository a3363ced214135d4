/** Defines the options that select a geocoder, and opens the geocoder with its key, cache and clock. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import type { Geocoder, OfflineGazetteer } from '../../gazetteer/gazetteer.ts';
import { AZURE_KEY_VARIABLE, azureMaps } from '../../gazetteer/geocoders/azure-maps.ts';
import { openFileCache } from '../../gazetteer/geocoders/file-cache.ts';
import { nominatim, NOMINATIM_ATTRIBUTION } from '../../gazetteer/geocoders/nominatim.ts';
import { offlineGeocoder } from '../../gazetteer/geocoders/offline.ts';
import { systemClock } from '../../service/clock.ts';
import { note } from '../output.ts';

const PROVIDERS = ['gazetteer', 'azure', 'nominatim'] as const;

/** Option values as commander parses them. */
export type GeocoderOptions = {
  readonly provider: (typeof PROVIDERS)[number];
  readonly endpoint?: string;
  /** Folder of the cache files. True means the default folder, false means no cache. */
  readonly cache: string | boolean;
};

/** Adds `--provider`, `--endpoint`, `--cache` and `--no-cache`. */
export function withGeocoderOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--provider <name>', "geocoding service (azure is the paper's)")
        .choices(PROVIDERS)
        .default('gazetteer'),
    )
    .option('--endpoint <url>', 'URL of the service, e.g. of your own Nominatim')
    .option('--cache <folder>', 'folder for cached answers of remote services (default: ~/.cache/globe)')
    .option('--no-cache', 'do not cache answers of remote services');
}

const USER_AGENT = 'globe-geolocation/0.1 (command line; globe geocode --provider nominatim)';

export async function openGeocoder(
  gazetteer: OfflineGazetteer,
  { provider, endpoint, cache }: GeocoderOptions,
): Promise<Geocoder> {
  if (provider === 'gazetteer') {
    if (endpoint !== undefined) {
      throw invalidInput(`--endpoint ${endpoint} needs a remote --provider.`, 'Add --provider nominatim or azure.');
    }
    return offlineGeocoder(gazetteer);
  }
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw invalidInput(`Invalid --endpoint: ${endpoint}.`, 'Use a complete URL, e.g. http://127.0.0.1:8080.');
  }
  const remote = {
    fetch,
    clock: systemClock,
    random: Math.random,
    ...defined({ endpoint }),
    ...(cache !== false && { cache: await openFileCache(cacheFile({ provider, endpoint, cache })) }),
  };
  if (provider === 'azure') return azureMaps({ ...remote, apiKey: process.env[AZURE_KEY_VARIABLE] });
  note(NOMINATIM_ATTRIBUTION);
  return nominatim({ ...remote, userAgent: USER_AGENT });
}

/**
 * Returns the path of the cache file. Every server has its own cache file, because servers may know different places.
 */
function cacheFile({
  provider,
  endpoint,
  cache,
}: Pick<GeocoderOptions, 'provider' | 'cache'> & { readonly endpoint: string | undefined }): string {
  const folder = typeof cache === 'string' ? cache : join(homedir(), '.cache', 'globe');
  const server = endpoint === undefined ? '' : `-${new URL(endpoint).host.replaceAll(':', '-')}`;
  return join(folder, `${provider}${server}.jsonl`);
}
