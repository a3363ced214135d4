/**
 * Decides which position counts if an answer both names a place and states a position. The paper's protocol takes the
 * place's position; for a user, a stated position inside a named country is more useful than the country's centre.
 */
import type { Coordinate } from '../core/coordinate.ts';
import { distanceKm } from '../core/distance.ts';
import type { Place } from '../core/place.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';

/**
 * `place`: the place's position; the stated position only if no place is known. `position`: the stated position, if
 * any. `finest`: the stated position if it is inside the place and the place is a country or region, else as `place`.
 */
export const PREFERENCES = ['place', 'position', 'finest'] as const;

export type Preference = (typeof PREFERENCES)[number];

/** How each preference decides, in words for the protocol of a report. */
export const PREFERENCE_WORDS = {
  place: 'a position that the answer states counts only if it names no known place',
  position: 'a position that the answer states counts before the place that it names',
  finest:
    'a position that the answer states counts if it names no known place, or a country or region around that position',
} satisfies Record<Preference, string>;

export type KnownPlace = {
  readonly place?: Place | undefined;
  readonly granularity?: string | undefined;
  readonly coordinate?: Coordinate;
};

/** A position that is at most this far from a region's centre counts as inside the region. */
const MAX_REGION_RADIUS_KM = 300;

/** Whether the stated position replaces the position of the place that was found. */
export function prefersStated(
  stated: Coordinate,
  {
    found,
    prefer,
    gazetteer,
  }: { readonly found: KnownPlace; readonly prefer: Preference; readonly gazetteer: Pick<Gazetteer, 'reverse'> },
): boolean {
  if (prefer !== 'finest') return prefer === 'position';
  const { place, granularity, coordinate } = found;
  if (place === undefined || (granularity !== 'country' && granularity !== 'region')) return false;
  const around = gazetteer.reverse(stated);
  if (around?.countryCode === undefined || around.countryCode !== place.countryCode) return false;
  if (granularity === 'country' || place.region === undefined || around.region === place.region) return true;
  // The answer may name the region differently from the gazetteer, so a position near its centre counts too.
  return coordinate !== undefined && distanceKm(stated, coordinate) <= MAX_REGION_RADIUS_KM;
}
