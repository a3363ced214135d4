/** Writes place names as models do: mostly the gazetteer's name, sometimes a synonym. */
import type { Random } from '../../core/random.ts';
import type { City } from '../facts/cities.ts';
import type { Country } from '../facts/country.ts';

const COMMON: Readonly<Record<string, readonly string[]>> = {
  US: ['USA', 'United States of America'],
  GB: ['UK', 'England'],
  CZ: ['Czech Republic'],
  TR: ['Turkey'],
  AE: ['UAE'],
  KR: ['Republic of Korea'],
  NL: ['The Netherlands', 'Holland'],
};

const ENGLISH = new Intl.DisplayNames(['en'], { type: 'region' });

const OTHER_CITY: Readonly<Record<string, string>> = {
  Köln: 'Cologne',
  Sevilla: 'Seville',
  Ródos: 'Rhodes',
  Marrakesh: 'Marrakech',
  Delhi: 'New Delhi',
  'New York City': 'New York',
  Panamá: 'Panama City',
  Pátra: 'Patras',
  Fès: 'Fez',
  Denpasar: 'Denpasar',
  Kyiv: 'Kiev',
};

export function countryText({ code }: Country, random: Random): string {
  const others = COMMON[code];
  if (others !== undefined && random.next() < 0.2) return others[random.integer(others.length)]!;
  return ENGLISH.of(code)!;
}

export function cityText({ name }: City, random: Random): string {
  const other = OTHER_CITY[name];
  if (other !== undefined && random.next() < 0.5) return other;
  // Models often omit accents.
  return random.next() < 0.3 ? name.normalize('NFD').replaceAll(/\p{M}/gu, '') : name;
}
