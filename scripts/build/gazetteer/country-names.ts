/**
 * Collects names of countries. The sources are all languages of CLDR and i18n-iso-countries, Natural Earth's short
 * names for maps, and our own aliases, which take precedence.
 */
import { existsSync, readdirSync } from 'node:fs';
import { listedCountryNames } from '../../../src/gazetteer/country-lists.ts';
import { countryAliases } from '../../../src/gazetteer/facts.ts';
import { codeKey, fold } from '../../../src/gazetteer/fold.ts';
import { installed, readJson } from './sources.ts';

type Territories = { main: Record<string, { localeDisplayNames: { territories: Record<string, string> } }> };

/** Returns the names of territories in a locale, or an empty object if CLDR has none. */
export function territoriesOf(locale: string): Record<string, string> {
  const path = installed('cldr-localenames-full', 'main', locale, 'territories.json');
  return existsSync(path) ? (readJson(path) as Territories).main[locale]!.localeDisplayNames.territories : {};
}

type CountryNames = {
  /**
   * Maps folded country names in every language, and country codes, to the country's number. The keys of codes cannot
   * collide with names.
   */
  readonly numbers: ReadonlyMap<string, number>;
  /**
   * Folded English names by country number. They are used to recognise names that are reordered, abbreviated or
   * misspelt.
   */
  readonly english: ReadonlyMap<number, ReadonlySet<string>>;
};

/** Weights of the sources. If two countries share a folded name, the country with the larger sum of weights gets it. */
const VOTES = { ours: 1e6, english: 1000, other: 1 } as const;

export function readCountryNames(numberOf: ReadonlyMap<string, number>): CountryNames {
  const votes = new Map<string, Map<number, number>>();
  const english = new Map<number, Set<string>>();
  const vote = (name: string, code: string, weight: number): void => {
    const country = numberOf.get(code);
    const key = fold(name);
    if (country === undefined || key === '') return;
    const tally = votes.get(key) ?? new Map<number, number>();
    tally.set(country, (tally.get(country) ?? 0) + weight);
    votes.set(key, tally);
    if (weight >= VOTES.english) english.set(country, (english.get(country) ?? new Set()).add(key));
  };
  for (const [code, names] of [...listedCountryNames, ...Object.entries(countryAliases)]) {
    for (const name of names) vote(name, code, VOTES.ours);
  }
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
  const isoCodes = readJson(installed('i18n-iso-countries', 'codes.json')) as [string, string, string][];
  const byNumber = new Map(isoCodes.map(([alpha2, , numeric]) => [numeric, alpha2]));
  for (const { id, properties } of naturalEarthCountries()) {
    vote(properties.name, byNumber.get(id ?? '') ?? '', VOTES.english);
  }
  const winner = (tally: ReadonlyMap<number, number>): number => [...tally].sort((a, b) => b[1] - a[1])[0]![0];
  const numbers = new Map([...votes].map(([name, tally]) => [name, winner(tally)]));
  for (const [country, names] of english) {
    for (const name of names) if (numbers.get(name) !== country) names.delete(name);
  }
  for (const [alpha2, alpha3] of isoCodes) {
    const country = numberOf.get(alpha2);
    if (country !== undefined) numbers.set(codeKey(alpha2), country).set(codeKey(alpha3), country);
  }
  return { numbers, english };
}

type NaturalEarth = {
  readonly objects: {
    readonly countries: {
      readonly geometries: readonly { readonly id?: string; readonly properties: { name: string } }[];
    };
  };
};

const naturalEarthCountries = () =>
  (readJson(installed('world-atlas', 'countries-10m.json')) as NaturalEarth).objects.countries.geometries;
