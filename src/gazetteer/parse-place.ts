/**
 * Parses free text into a place: "Crissy Field East Beach, San Francisco, CA", "Tryfan, Wales", "Center of Ukraine". It
 * searches for the country from the right, then for the region, and takes the smallest known place as the city. The
 * gazetteer contains no landmarks, streets or mountains. For these, the parser uses a larger place that the text also
 * names.
 */
import type { Place } from '../core/place.ts';
import type { ReadPlace } from './reading.ts';
import { splitPlace } from './split-place.ts';
import { placeOfRow, placeOfCountry, type Store } from './store.ts';

/** Returns the place with the gazetteer's names; only the country if the smaller places are unknown. */
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
