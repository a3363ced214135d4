/**
 * Cues are facts about the place that a photo can show. Together they suggest a country. The weights of the cues define
 * the generated world, so they are exact there. They do not describe real photos.
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
/** Cues that distinguish the cities of a country. */
export const CITY_CUES = ['landmark', 'transit'] as const;

export type CountryCue = (typeof COUNTRY_CUES)[number];
export type CityCue = (typeof CITY_CUES)[number];
export type CueKind = CountryCue | CityCue;

export type Cue = {
  readonly kind: CueKind;
  /** The visible fact in words: "yellow diamond", "accented latin". Several countries may share it. */
  readonly value: string;
  /** True when the cue is foreign to the place: a rented car, a restaurant of another cuisine. */
  readonly misleading: boolean;
};

/** Returns the values of a cue in a country. The list is empty when the country lacks the cue. */
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

/** Probability that a cue does not match its country; for example, flags hang abroad and rented cars cross borders. */
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

/** Returns the probability of each country, in the order of COUNTRIES, given the cues. The prior is uniform. */
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

/** Names a flag by its colours. Flags with the same colours but different layouts get the same name. */
export const flagWords = (country: Country): string => flagName(country.flag);
