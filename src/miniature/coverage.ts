/** The cities that the training split of a world does not show, so that a test can measure what carries over to them. */
import { invalidInput } from '../core/errors.ts';
import { random as seeded, shuffled } from '../core/random.ts';
import { CITIES, type City } from './facts/cities.ts';

/** A lot of cities that training does not show: how many, and the seed that draws them. 0 cities: training shows all. */
export type UnseenLot = { readonly cities: number; readonly seed: number };

/**
 * GeoNames ids of the unseen cities; without a lot, those that the facts mark. A lot leaves at least one city of each
 * country to training. Throws `invalid-input` if that leaves fewer cities than the lot has.
 */
export function unseenCities(lot?: UnseenLot): ReadonlySet<number> {
  if (lot === undefined) return new Set(CITIES.filter(({ unseen }) => unseen).map(({ geonameId }) => geonameId));
  const left = new Map<string, number>();
  for (const { countryCode } of CITIES) left.set(countryCode, (left.get(countryCode) ?? 0) + 1);
  const drawn: City[] = [];
  for (const city of shuffled(CITIES, seeded(lot.seed))) {
    const remaining = left.get(city.countryCode)!;
    if (drawn.length === lot.cities || remaining === 1) continue;
    left.set(city.countryCode, remaining - 1);
    drawn.push(city);
  }
  if (drawn.length < lot.cities) {
    throw invalidInput(
      `Invalid number of unseen cities: ${lot.cities}.`,
      `Use at most ${drawn.length}, so that training shows a city of each country.`,
    );
  }
  return new Set(drawn.map(({ geonameId }) => geonameId));
}
