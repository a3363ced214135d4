/** Formats a place as text for display. */
import type { Place } from './place.ts';

type Named = { readonly [Part in 'city' | 'region' | 'country']?: Place[Part] | undefined };

/**
 * Returns "Paris, France", or "Paris, Île-de-France, France" with `region: true`. Absent and empty parts are omitted.
 */
export function placeText(place: Named = {}, { region = false } = {}): string {
  return [place.city, region ? place.region : undefined, place.country].filter(Boolean).join(', ');
}
