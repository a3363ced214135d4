/**
 * Chooses random clues that photos of a city could show. It uses the same plans as the photos of the world, but draws
 * no picture.
 */
import type { Random } from '../../core/random.ts';
import { elementOf } from '../annotators/words.ts';
import type { Mention } from '../annotators/evidence.ts';
import type { City } from '../facts/cities.ts';
import { COUNTRY_CUES, type CueKind, CITY_CUES, cueValues } from '../cues.ts';
import { countryFacts } from '../facts/countries.ts';
import type { Country } from '../facts/country.ts';
import { drawFrom, planScene, SETTING_SHARES } from '../plan.ts';

/** Share of the puzzles whose plan shows the city. The plans of all other puzzles show only the country. */
const CITY_SHARE = 0.65;

/** Makes a random plan for a photo of the city and returns the clues in the plan, without foreign clues. */
export function cluesOf(city: City, random: Random): Mention[] {
  const country = countryFacts(city.countryCode);
  const setting = drawFrom(SETTING_SHARES, random);
  const difficulty = random.next() < CITY_SHARE ? 'easy' : 'country-only';
  const { shows } = planScene({ city, setting, difficulty, random });
  return [...COUNTRY_CUES, ...CITY_CUES].flatMap((kind): Mention[] => {
    if (!shows.has(kind)) return [];
    const mention = clueOf(kind, { country, city, random });
    return mention === undefined ? [] : [mention];
  });
}

/**
 * Returns one clue of a kind, or undefined if the place has none. If a country has several trees or biomes, the clue
 * names one of them.
 */
function clueOf(
  kind: CueKind,
  { country, city, random }: { readonly country: Country; readonly city: City; readonly random: Random },
): Mention | undefined {
  const one = <T>(items: readonly T[]): T => items[random.integer(items.length)]!;
  const facts = { ...country, trees: [one(country.trees)], biomes: [one(country.biomes)] } as const;
  const element = elementOf(kind, { country: facts, city });
  if (element === undefined) return undefined;
  const value = kind === 'landmark' || kind === 'transit' ? undefined : cueValues(facts, kind)[0];
  return { kind, element, ...(value !== undefined && { value }) };
}
