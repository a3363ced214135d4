/**
 * Finds the city that a place is a part of. Brooklyn is part of New York, Shibuya of Tokyo and Kreuzberg of Berlin, but
 * Hoboken and Yokohama are cities of their own.
 *
 * A place is part of a larger city of its country if two conditions hold: it is within the city's reach, and all
 * administrative codes that both have agree. The more levels agree, the farther the city reaches. Sections of a city
 * (GeoNames PPLX) may be farther away. A section without any such city belongs to the nearest large city of its
 * first-level region. If several cities qualify, the one with the strongest pull (reach divided by distance) wins. The
 * tables of facts in src/gazetteer take precedence over these rules.
 */
import KDBush from 'kdbush';
import { distanceKm } from '../../../src/core/distance.ts';
import { quarters } from '../../../src/gazetteer/district-facts.ts';
import { metropolitanRegions, ownCities } from '../../../src/gazetteer/metropolis-facts.ts';
import { reachKm } from '../../../src/gazetteer/reach.ts';
import { cityRegions } from './city-regions.ts';
import { type GeonamesRow, pointOf } from './sources.ts';

const TOKYO = 1850147;
const WARD = /[- ]ku$/i;
/** Countries in which a populated place is either a municipality or unincorporated. */
const WITHOUT_VILLAGES = new Set(['US', 'CA', 'PR']);
/**
 * Countries in which suburbs are municipalities of their own. In these countries, a large city without a second-level
 * code includes its suburbs.
 */
const WITH_SUBURBAN_MUNICIPALITIES = new Set(['AU', 'NZ']);
/** Countries whose second administrative level is the municipality. */
const MUNICIPAL_AT_SECOND = new Set('AR BR CO DK IE JP KR MX NL NO PT SE ZA'.split(' '));
const MIN_CITY_POPULATION = 5000;
/**
 * Maximum population of a part, as a share of its city's population. For sections, the share is above 1, because their
 * populations may be outdated.
 */
const MAX_SHARE = { place: 0.5, section: 1.2 } as const;
/**
 * How far a city extends, as a multiple of its reach. The multiple depends on the number of agreeing administrative
 * levels and on the kind of place.
 */
const EXTENT = {
  levels: [0.5, 0.5, 0.6, 1.2, 1.2],
  municipality: 1.5,
  suburban: 1.2,
  unincorporated: 0.3,
  section: 2.5,
  stray: 1.5,
  region: 2,
} as const;
/** Sections within this distance of a city's centre always belong to the city. */
const SECTION_KM = 5;
/** Minimum distance in the computation of pulls. Nearer places count as this far away, so that pulls stay finite. */
const MIN_DISTANCE_KM = 0.5;
/** Pull of a city on a part that the tables of facts assign to it. */
const CERTAIN = Infinity;
/**
 * Factor that is applied to a city's pull on a section of another municipality. It is so small that every other city
 * pulls more strongly.
 */
const STRAY = 1e-6;
const KM_PER_DEGREE = 110.6;

/**
 * For each row, returns 1 plus the index of the row's city, or 0 if the row is not part of a city. Places are the first
 * rows.
 */
export function cityParts(rows: readonly GeonamesRow[], places: number): Uint32Array<ArrayBuffer> {
  const regionsOf = regionsByCity(rows);
  const located = new KDBush(rows.length);
  for (const { longitude, latitude } of rows) located.add(longitude, latitude);
  located.finish();

  const strongest = new Float64Array(rows.length);
  const city = new Uint32Array(rows.length);
  for (const [index, row] of rows.slice(0, places).entries()) {
    if (row.id === 0 || row.feature === 'PPLX') continue;
    const regions = regionsOf.get(row.id) ?? [];
    if (row.population < MIN_CITY_POPULATION && regions.length === 0) continue;
    for (const part of around(located, row)) {
      const pull = pullOf({ city: row, regions }, rows[part]!);
      if (part === index || pull <= strongest[part]!) continue;
      strongest[part] = pull;
      city[part] = index + 1;
    }
  }
  for (const [region, main] of cityRegions(rows, { places, city })) city[region] ||= main + 1;
  // If the city of a part is itself part of a city, as a borough is, the part belongs to the larger city.
  for (let i = 0; i < city.length; i++) while (city[city[i]! - 1]) city[i] = city[city[i]! - 1]!;
  return city;
}

/**
 * Returns the regions of cities that consist of several regions, by the city's id. They come from our table. For Tokyo,
 * they are the wards among its municipalities.
 */
function regionsByCity(rows: readonly GeonamesRow[]): Map<number, readonly string[]> {
  const wards = rows.filter(({ name, admin1, feature }) => feature === 'ADM2' && admin1 === 'JP.40' && WARD.test(name));
  const table = Object.entries(metropolitanRegions).map(([id, codes]) => [Number(id), codes] as const);
  return new Map([...table, [TOKYO, wards.map(({ admin2 }) => admin2)]]);
}

function around(located: KDBush, { population, latitude, longitude }: GeonamesRow): number[] {
  const height = Math.max(2 * SECTION_KM, EXTENT.section * reachKm(population)) / KM_PER_DEGREE;
  const width = height / Math.max(0.05, Math.cos((latitude * Math.PI) / 180));
  return located.range(longitude - width, latitude - height, longitude + width, latitude + height);
}

type City = { readonly city: GeonamesRow; readonly regions: readonly string[] };

/** Returns how strongly a city pulls a place, or 0 if the place is not a part of the city. */
function pullOf({ city, regions }: City, part: GeonamesRow): number {
  if (part.partOf !== undefined || quarters[city.id]?.includes(part.id)) {
    return part.partOf === undefined || part.partOf === city.id ? CERTAIN : 0;
  }
  if (part.country !== city.country || ownCities.has(part.id)) return 0;
  const reach = reachKm(city.population);
  const km = distanceKm(pointOf(city), pointOf(part));
  if (regions.length > 0) {
    // If a city has listed regions, its parts are all inside these regions. They must also be near the city, unless the
    // region is the whole country.
    const isWhole = regions[0] === city.country;
    const isNear = isWhole || km <= Math.max(SECTION_KM, EXTENT.region * reach);
    return isNear && part.feature !== 'ADM1' && regions.some((code) => isInside(part, code)) ? CERTAIN : 0;
  }
  if (part.feature.startsWith('A')) return 0;
  const pull = reach / Math.max(km, MIN_DISTANCE_KM);
  if (part.feature !== 'PPLX') {
    const isSmaller = part.population <= MAX_SHARE.place * city.population;
    return isSmaller && km <= reach * extentOf(city, part) ? pull : 0;
  }
  if (part.population > MAX_SHARE.section * city.population) return 0;
  if (agreement(city, part) !== undefined) return km <= Math.max(SECTION_KM, EXTENT.section * reach) ? pull : 0;
  return part.admin1 === city.admin1 && km <= EXTENT.stray * reach ? STRAY * pull : 0;
}

const isInside = ({ country, admin1, admin2 }: GeonamesRow, code: string): boolean =>
  code === country || code === admin1 || code === admin2;

/** Returns how far the city extends in the direction of a place that is not a section, as a multiple of its reach. */
function extentOf(city: GeonamesRow, part: GeonamesRow): number {
  const levels = agreement(city, part);
  // A place of our own table to which no city is assigned is itself a city.
  if (levels === undefined || (part.id === 0 && part.population > 0)) return 0;
  if (WITHOUT_VILLAGES.has(city.country)) return EXTENT.unincorporated;
  // A city without a second-level code does not include the other municipalities of its region, unless they are
  // suburbs.
  if (levels === 1 && city.admin2 === '' && part.admin2 !== '') {
    return WITH_SUBURBAN_MUNICIPALITIES.has(city.country) ? EXTENT.suburban : 0;
  }
  return levels === 2 && MUNICIPAL_AT_SECOND.has(city.country) ? EXTENT.municipality : EXTENT.levels[levels]!;
}

/**
 * Returns the number of administrative levels at which the codes agree, or undefined if they differ at a level that
 * both have.
 */
function agreement(city: GeonamesRow, part: GeonamesRow): number | undefined {
  const theirs = codesOf(part);
  const both = codesOf(city)
    .map((code, i) => [code, theirs[i]!] as const)
    .filter((pair) => !pair.includes(''));
  return both.every(([a, b]) => a === b) ? both.length : undefined;
}

const codesOf = ({ admin1, admin2, admin3 = '', admin4 = '' }: GeonamesRow): string[] => [
  admin1,
  admin2,
  admin3,
  admin4,
];
