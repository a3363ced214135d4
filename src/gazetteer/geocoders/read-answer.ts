/** From a service's candidates to a result: what the two remote geocoders read alike. */
import type { MatchedBy, Place } from '../../core/place.ts';
import { fold } from '../fold.ts';
import type { GeocodeCandidate } from '../gazetteer.ts';
import type { RemoteResult } from './remote.ts';

/** The first candidate wins, as the service ranked them; its granularity is that of the finest name it has. */
export function found(candidates: readonly GeocodeCandidate[]): RemoteResult {
  const best = candidates[0];
  if (best === undefined) return { kind: 'notFound', reason: 'The service knows no such place.' };
  const { place, coordinate, matchedBy } = best;
  const granularity = place.city !== undefined ? 'city' : place.region !== undefined ? 'region' : 'country';
  return { kind: 'found', place, coordinate, granularity, matchedBy, candidates };
}

/** How the returned name relates to the finest one that was asked; 'alias' where the service found another spelling. */
export function nameMatch({ city, region, country }: Place, returned: string | undefined): MatchedBy {
  const asked = city || region || country;
  if (returned === undefined || fold(asked) !== fold(returned)) return 'alias';
  return asked === returned ? 'exact' : 'fold';
}
