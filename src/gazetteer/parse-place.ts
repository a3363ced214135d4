/**
 * Parses free text into a place: "Crissy Field East Beach, San Francisco, CA", "Tryfan, Wales", "Center of Ukraine".
 * Looks for the country from the right, then for the region, and takes the finest known part as the city. The gazetteer
 * has no landmarks, streets and mountains; if the text also names their surroundings, these are used.
 */
import type { Place } from '../core/place.ts';
import type { ReadPlace } from './read-place.ts';
import { splitPlace } from './split-place.ts';
import { placeOfRow, placeOfCountry, type Store } from './store.ts';

/** The place with the gazetteer's names; only the country if the finer parts are unknown. */
export function parsePlace(
  { store, read }: { readonly store: Store; readonly read: ReadPlace },
  text: string,
): Place | undefined {
  const split = splitPlace(store, text);
  if (split === undefined) return undefined;
  const reading = read(split);
  if (reading.kind === 'notFound') return undefined;
  if (reading.kind === 'country') return placeOfCountry(reading.country);
  return placeOfRow(store, reading.candidates[0]!.row);
}
