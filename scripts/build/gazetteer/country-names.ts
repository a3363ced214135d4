/** Names of countries in every language of CLDR and i18n-iso-countries, with our own aliases above both. */
import { existsSync, readdirSync } from 'node:fs';
import { countryAliases } from '../../../src/gazetteer/facts.ts';
import { codeKey, fold } from '../../../src/gazetteer/fold.ts';
import { installed, readJson } from './sources.ts';

type Territories = { main: Record<string, { localeDisplayNames: { territories: Record<string, string> } }> };

/** Territory names of a locale; empty for the locales that have none. */
export function territoriesOf(locale: string): Record<string, string> {
  const path = installed('cldr-localenames-full', 'main', locale, 'territories.json');
  return existsSync(path) ? (readJson(path) as Territories).main[locale]!.localeDisplayNames.territories : {};
}

/** How loudly each source speaks when two countries share a folded name in different languages. */
const VOTES = { ours: 1e6, english: 1000, other: 1 } as const;

/** Folded name to country number, in every language of CLDR and i18n-iso-countries; codes under keys of their own. */
export function readCountryNames(numberOf: ReadonlyMap<string, number>): Map<string, number> {
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
  const codes = new Map<string, number>();
  for (const [alpha2, alpha3] of readJson(installed('i18n-iso-countries', 'codes.json')) as [string, string][]) {
    const country = numberOf.get(alpha2);
    if (country === undefined) continue;
    codes.set(codeKey(alpha2), country).set(codeKey(alpha3), country);
  }
  const names = [...votes].map(([name, tally]) => [name, [...tally].sort((a, b) => b[1] - a[1])[0]![0]] as const);
  return new Map([...names, ...codes]);
}
