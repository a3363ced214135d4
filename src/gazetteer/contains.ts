/**
 * Decides whether a position is inside a country or region. Countries have borders in the gazetteer's file; regions have
 * none, so a region contains the surroundings of its places.
 */
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import { liesIn } from './candidates.ts';
import { fold } from './fold.ts';
import { type CountryScope, landsUnder } from './lands.ts';
import { regionNamed } from './read-city.ts';
import type { Reverse } from './reverse.ts';
import { countryNamed, regionOf, type Store } from './store.ts';
import { type Surroundings, within } from './surroundings.ts';

/**
 * A position at most this far outside a country's border counts as inside, because models often round coordinates to
 * one decimal.
 */
const MAX_KM_OUTSIDE = 25;
/**
 * Search radii, smallest first. Only the first radius with any place of the country counts: the position is in a region
 * if a place of the region is within this radius.
 */
const RADII_KM = [150, 400, 1000] as const;

export type Contains = (place: Place, at: Coordinate) => boolean;

type ContainsOptions = { readonly surroundings: () => Surroundings; readonly reverse: Reverse };

export function createContains(store: Store, { surroundings, reverse }: ContainsOptions): Contains {
  return (place, at) => {
    const code = place.countryCode ?? countryNamed(store, fold(place.country))?.code;
    const country = code === undefined ? undefined : store.countryNumber.get(code);
    if (country === undefined) return false;
    const lands: CountryScope[] = [{ country }, ...landsUnder(store, country)];
    const near = nearestRows(surroundings(), { at, countries: new Set(lands.map((land) => land.country)) });
    const isInCountry = reverse(at)?.countryCode === code || lands.some((land) => isInLand(land));
    if (!isInCountry || place.region === undefined) return isInCountry;
    const region = regionNamed(store, place.region, { country });
    return region !== undefined && near.some((row) => liesIn(store, row, region));

    function isInLand({ country: number, within: regions }: CountryScope): boolean {
      const isInside = surroundings().borders.isNear(at, { country: number, km: MAX_KM_OUTSIDE });
      return isInside && (regions === undefined || near.some((row) => regions.has(regionOf(store, row, 1) ?? -1)));
    }
  };
}

/** Returns the rows of the countries' places within the smallest radius that contains any of them. */
function nearestRows(
  { store, places }: Surroundings,
  { at, countries }: { readonly at: Coordinate; readonly countries: ReadonlySet<number> },
): number[] {
  for (const radiusKm of RADII_KM) {
    const near = within(places, { store, at, radiusKm }).map(({ row }) => row);
    const own = near.filter((row) => countries.has(store.sections.country[row]!));
    if (own.length > 0) return own;
  }
  return [];
}
