/**
 * Cues: the facts that a photo can show, and how much they say together about the country. The weights are the
 * generated world's own, exact by construction; they say nothing about real photos.
 */
import { COUNTRIES } from './facts/countries.ts';
import { type Country, plateName } from './facts/country.ts';
import { flagName } from './draw/flag.ts';

export const COUNTRY_CUES = [
  'flag',
  'plate',
  'script',
  'driving side',
  'centre line',
  'edge line',
  'warning sign',
  'direction sign',
  'wall',
  'roof',
  'vegetation',
  'biome',
  'socket',
  'taxi',
] as const;
/** Cues that tell one city of a country from another. */
export const CITY_CUES = ['landmark', 'transit'] as const;

export type CountryCue = (typeof COUNTRY_CUES)[number];
export type CityCue = (typeof CITY_CUES)[number];
export type CueKind = CountryCue | CityCue;

export type Cue = {
  readonly kind: CueKind;
  /** What is seen, in words that other countries may share: "yellow diamond", "accented latin". */
  readonly value: string;
  /** True where the thing is foreign to the place: a rented car, a restaurant of another cuisine. */
  readonly misleading: boolean;
};

/** What the cue can look like in a country; empty where the country has no such thing. */
export function cueValues(country: Country, kind: CountryCue): readonly string[] {
  switch (kind) {
    case 'flag':
      return [country.code];
    case 'plate':
      return [plateName(country.plate)];
    case 'script':
      return [country.script];
    case 'driving side':
      return [country.drivesOn];
    case 'centre line':
      return [country.centreLine];
    case 'edge line':
      return [country.edgeLine];
    case 'warning sign':
      return [country.warningSign];
    case 'direction sign':
      return [country.directionSign];
    case 'wall':
      return [country.wall];
    case 'roof':
      return [country.roof];
    case 'vegetation':
      return country.trees;
    case 'biome':
      return country.biomes;
    case 'socket':
      return [country.socket];
    case 'taxi':
      return country.taxi === undefined ? [] : [country.taxi.join(' and ')];
    default:
      return kind satisfies never;
  }
}

/** Probability that a cue looks unlike its country: flags hang abroad, rented cars cross borders. */
const MISMATCH: Readonly<Record<CountryCue, number>> = {
  flag: 0.02,
  plate: 0.06,
  script: 0.04,
  'driving side': 0.01,
  'centre line': 0.05,
  'edge line': 0.05,
  'warning sign': 0.02,
  'direction sign': 0.05,
  wall: 0.1,
  roof: 0.1,
  vegetation: 0.1,
  biome: 0.1,
  socket: 0.02,
  taxi: 0.05,
};

const isCountryCue = (kind: CueKind): kind is CountryCue => kind !== 'landmark' && kind !== 'transit';

/** Probability of each country (in the order of COUNTRIES) given what is seen, all countries alike before. */
export function countryPosterior(cues: readonly Pick<Cue, 'kind' | 'value'>[]): number[] {
  const likelihoods = COUNTRIES.map((country) => {
    let likelihood = 1;
    for (const { kind, value } of cues) {
      if (!isCountryCue(kind)) continue;
      const values = cueValues(country, kind);
      likelihood *= values.includes(value) ? (1 - MISMATCH[kind]) / values.length : MISMATCH[kind] / 10;
    }
    return likelihood;
  });
  const total = likelihoods.reduce((sum, value) => sum + value, 0);
  return likelihoods.map((value) => value / total);
}

/** The flag's colours are its words; its layout tells it from others of the same colours. */
export const flagWords = (country: Country): string => flagName(country.flag);
