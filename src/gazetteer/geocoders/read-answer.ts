/** Converts a service's candidates into a result, for both remote geocoders. */
import type { MatchedBy, Place } from '../../core/place.ts';
import { fold } from '../fold.ts';
import type { GeocodeCandidate } from '../gazetteer.ts';
import type { RemoteResult } from './remote.ts';

/** Uses the first candidate as the result. The result has the granularity of the candidate's smallest named place. */
export function found(candidates: readonly GeocodeCandidate[]): RemoteResult {
  const best = candidates[0];
  if (best === undefined) return { kind: 'notFound', reason: 'The service does not know this place.' };
  const { place, coordinate, matchedBy } = best;
  const granularity = place.city !== undefined ? 'city' : place.region !== undefined ? 'region' : 'country';
  return { kind: 'found', place, coordinate, granularity, matchedBy, candidates };
}

/** Returns how the returned name matches the smallest requested place; 'alias' if the spelling differs. */
export function nameMatch({ city, region, country }: Place, returned: string | undefined): MatchedBy {
  const name = city || region || country;
  if (returned === undefined || fold(name) !== fold(returned)) return 'alias';
  return name === returned ? 'exact' : 'fold';
}
