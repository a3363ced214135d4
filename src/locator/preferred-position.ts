/**
 * Decides which position counts if an answer names a place and also states a position. The paper's protocol uses the
 * position of the place. For a user, a stated position inside a named country is more useful than the country's centre.
 */
import type { Coordinate } from '../core/coordinate.ts';
import { distanceKm } from '../core/distance.ts';
import type { Place } from '../core/place.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';

/**
 * `place`: the position of the place, or the stated position if no place is known. `position`: the stated position, if
 * there is one. `finest`: the stated position if the place is a country or region that contains it, otherwise as
 * `place`.
 */
export const PREFERENCES = ['place', 'position', 'finest'] as const;

export type Preference = (typeof PREFERENCES)[number];

/** Describes each preference for the protocol of a report. */
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

/** A position at most this far from the centre of a region counts as inside it, if the gazetteer lacks the region. */
const MAX_REGION_RADIUS_KM = 300;

type Choice = {
  readonly found: KnownPlace;
  readonly prefer: Preference;
  readonly gazetteer: Pick<Gazetteer, 'contains'>;
};

/** True if the stated position replaces the position of the place that was found. */
export function prefersStated(stated: Coordinate, { found, prefer, gazetteer }: Choice): boolean {
  if (prefer !== 'finest') return prefer === 'position';
  const { place, granularity, coordinate } = found;
  if (place === undefined || (granularity !== 'country' && granularity !== 'region')) return false;
  const { region: _, ...country } = place;
  if (gazetteer.contains(place, stated)) return true;
  // A landscape such as Lofoten has no places of its own in the gazetteer, only a centre.
  const isNear = coordinate !== undefined && distanceKm(stated, coordinate) <= MAX_REGION_RADIUS_KM;
  return granularity === 'region' && isNear && gazetteer.contains(country, stated);
}
