/**
 * Client for Microsoft Azure Maps, the paper's geocoder: the "Get Geocoding" operation of its Search service. The paper
 * states only the query ("city, country" as one string), not the operation or its version.
 */
import { z } from 'zod';
import { coordinate } from '../../core/coordinate.ts';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import type { Place } from '../../core/place.ts';
import type { GeocodeCandidate, Geocoder } from '../gazetteer.ts';
import { keepSecret } from '../../service/redact.ts';
import { found, nameMatch } from './read-answer.ts';
import { type RemoteOptions, type RemoteResult, remoteGeocoder } from './remote.ts';

export const AZURE_KEY_VARIABLE = 'AZURE_MAPS_KEY';
const ENDPOINT = 'https://atlas.microsoft.com';
const API_VERSION = '2025-01-01';

const answerSchema = z.object({
  features: z.array(
    z.object({
      geometry: z.object({ coordinates: z.tuple([z.number(), z.number()]).rest(z.number()) }),
      properties: z.object({
        type: z.string(),
        confidence: z.string().optional(),
        address: z
          .object({
            locality: z.string().optional(),
            adminDistricts: z.array(z.object({ name: z.string().optional() })).optional(),
            countryRegion: z.object({ name: z.string().optional(), ISO: z.string().optional() }).optional(),
            formattedAddress: z.string().optional(),
          })
          .optional(),
      }),
    }),
  ),
});
type Feature = z.infer<typeof answerSchema>['features'][number];

export type AzureMapsOptions = RemoteOptions & {
  readonly apiKey: string | undefined;
  readonly endpoint?: string;
  readonly apiVersion?: string;
};

/** Creates the geocoder. Throws `invalid-input` if `apiKey` is missing or empty. */
export function azureMaps(options: AzureMapsOptions): Geocoder {
  const { apiKey, endpoint = ENDPOINT, apiVersion = API_VERSION } = options;
  if (apiKey === undefined || apiKey === '') {
    throw invalidInput('Azure Maps needs an API key.', `Set the environment variable ${AZURE_KEY_VARIABLE}.`);
  }
  return remoteGeocoder(
    {
      provenance: { provider: 'azure-maps', version: `geocode ${apiVersion}` },
      title: 'Azure Maps',
      minIntervalMs: 0,
      keyVariable: AZURE_KEY_VARIABLE,
      secrets: [keepSecret(apiKey)],
      request: (query) => {
        const url = new URL('/geocode', endpoint);
        url.search = new URLSearchParams({ 'api-version': apiVersion, query, top: '5' }).toString();
        // The key is sent in a header, because URLs are often logged.
        return { url, headers: { 'subscription-key': apiKey, 'accept-language': 'en' } };
      },
      read: readAnswer,
    },
    options,
  );
}

function readAnswer(body: unknown, query: Place): RemoteResult {
  const { features } = answerSchema.parse(body);
  return found(features.map((feature) => candidateOf(feature, query)));
}

function candidateOf({ geometry, properties }: Feature, query: Place): GeocodeCandidate {
  const { locality, adminDistricts, countryRegion } = properties.address ?? {};
  const [longitude, latitude] = geometry.coordinates;
  const region = adminDistricts?.[0]?.name;
  return {
    place: {
      country: countryRegion?.name ?? '',
      ...(countryRegion?.ISO !== undefined && { countryCode: countryRegion.ISO.toUpperCase() }),
      ...defined({ region, city: locality }),
    },
    coordinate: coordinate(latitude, longitude),
    matchedBy: nameMatch(query, locality ?? region ?? countryRegion?.name),
    population: 0,
    feature: properties.type,
  };
}
