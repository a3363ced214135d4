/**
 * Which position counts when an answer has two: that of the place it names, and the one it states itself. The paper's
 * protocol takes the place; for a user, a stated position inside a named country says more than the country's centre.
 */
import type { Coordinate } from '../core/coordinate.ts';
import { distanceKm } from '../core/distance.ts';
import type { Place } from '../core/place.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';

/**
 * `place`: the position of the place; the stated one only if no place is known. `position`: the stated position, if
 * any. `finest`: the stated position if the place is a country or region and the position is inside it, else `place`.
 */
export const PREFERENCES = ['place', 'position', 'finest'] as const;

export type Preference = (typeof PREFERENCES)[number];

/** For protocols: how each preference decides. */
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

/** A position this near to a region's centre counts as inside the region. */
const MAX_REGION_RADIUS_KM = 300;

/** Whether the stated position replaces that of a place that was found. */
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
  // Names of areas and regions as written differ from the gazetteer's.
  return coordinate !== undefined && distanceKm(stated, coordinate) <= MAX_REGION_RADIUS_KM;
}
