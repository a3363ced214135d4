/**
 * Client for Nominatim, OpenStreetMap's geocoder. Follows the usage policy of the public server: at most one call per
 * second, an identifying User-Agent, cached results, visible attribution. For large lists, run your own server
 * (`endpoint`).
 */
import { z } from 'zod';
import { coordinate } from '../../core/coordinate.ts';
import { defined } from '../../core/defined.ts';
import type { Place } from '../../core/place.ts';
import type { GeocodeCandidate, Geocoder } from '../gazetteer.ts';
import { found, nameMatch } from './read-answer.ts';
import { type RemoteOptions, type RemoteResult, remoteGeocoder } from './remote.ts';

const PUBLIC_ENDPOINT = 'https://nominatim.openstreetmap.org';
const PUBLIC_INTERVAL_MS = 1100;
/** OpenStreetMap's policy requires this text beside the results. */
export const NOMINATIM_ATTRIBUTION = '© OpenStreetMap contributors (https://www.openstreetmap.org/copyright)';

const answerSchema = z.array(
  z.object({
    lat: z.coerce.number(),
    lon: z.coerce.number(),
    name: z.string().optional(),
    display_name: z.string(),
    addresstype: z.string().optional(),
    type: z.string(),
    address: z.record(z.string(), z.string()).optional(),
  }),
);
type Item = z.infer<typeof answerSchema>[number];

/** Address keys that name a settlement, smallest settlement last. */
const SETTLEMENT = ['municipality', 'city', 'town', 'village', 'hamlet'] as const;
const COUNTRY_TYPES = new Set(['country']);

export type NominatimOptions = RemoteOptions & {
  /** Identifies the application and a contact address of its user, as the usage policy requires. */
  readonly userAgent: string;
  readonly endpoint?: string;
};

export function nominatim(options: NominatimOptions): Geocoder {
  const { endpoint = PUBLIC_ENDPOINT, userAgent } = options;
  const isPublic = new URL(endpoint).host === new URL(PUBLIC_ENDPOINT).host;
  return remoteGeocoder(
    {
      provenance: {
        provider: 'nominatim',
        version: isPublic ? 'search jsonv2' : `search jsonv2 at ${new URL(endpoint).host}`,
      },
      title: 'Nominatim',
      minIntervalMs: isPublic ? PUBLIC_INTERVAL_MS : 0,
      secrets: [],
      request: (query) => {
        const url = new URL('search', endpoint.endsWith('/') ? endpoint : `${endpoint}/`);
        url.search = new URLSearchParams({ q: query, format: 'jsonv2', addressdetails: '1', limit: '5' }).toString();
        return { url, headers: { 'user-agent': userAgent, 'accept-language': 'en' } };
      },
      read: readAnswer,
    },
    options,
  );
}

function readAnswer(body: unknown, query: Place): RemoteResult {
  return found(answerSchema.parse(body).map((item) => candidateOf(item, query)));
}

function candidateOf(item: Item, query: Place): GeocodeCandidate {
  const address = item.address ?? {};
  const key = SETTLEMENT.findLast((key) => address[key] !== undefined);
  const city = key === undefined ? undefined : address[key];
  const isCountry = COUNTRY_TYPES.has(item.addresstype ?? '');
  const region = isCountry ? undefined : address['state'];
  return {
    place: {
      country: address['country'] ?? '',
      ...(address['country_code'] !== undefined && { countryCode: address['country_code'].toUpperCase() }),
      ...defined({ region, city }),
    },
    coordinate: coordinate(item.lat, item.lon),
    matchedBy: nameMatch(query, item.name ?? city ?? region),
    population: 0,
    feature: item.addresstype ?? item.type,
  };
}
