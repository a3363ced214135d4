/**
 * Chooses the cities that the training split of a world does not show. A test can then measure what the model learnt
 * about places in general.
 */
import { invalidInput } from '../core/errors.ts';
import { random as seeded, shuffled } from '../core/random.ts';
import { CITIES, type City } from './facts/cities.ts';

/**
 * A random draw of cities that training does not show: their number, and the seed of the draw. With 0 cities, training
 * shows all.
 */
export type UnseenLot = { readonly cities: number; readonly seed: number };

/**
 * Returns the GeoNames ids of the unseen cities. Without `lot`, these are the cities that the facts mark as unseen. The
 * draw leaves at least one city of each country for training. Throws `invalid-input` if there are too few cities for
 * that.
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
