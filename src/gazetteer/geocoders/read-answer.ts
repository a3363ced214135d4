/** Turns a service's candidates into a result; shared by the two remote geocoders. */
import type { MatchedBy, Place } from '../../core/place.ts';
import { fold } from '../fold.ts';
import type { GeocodeCandidate } from '../gazetteer.ts';
import type { RemoteResult } from './remote.ts';

/** The result for a service's candidates: the first one, with the granularity of its finest name. */
export function found(candidates: readonly GeocodeCandidate[]): RemoteResult {
  const best = candidates[0];
  if (best === undefined) return { kind: 'notFound', reason: 'The service knows no such place.' };
  const { place, coordinate, matchedBy } = best;
  const granularity = place.city !== undefined ? 'city' : place.region !== undefined ? 'region' : 'country';
  return { kind: 'found', place, coordinate, granularity, matchedBy, candidates };
}

/** How the returned name matches the finest requested name; 'alias' if it is spelled otherwise. */
export function nameMatch({ city, region, country }: Place, returned: string | undefined): MatchedBy {
  const name = city || region || country;
  if (returned === undefined || fold(name) !== fold(returned)) return 'alias';
  return name === returned ? 'exact' : 'fold';
}
