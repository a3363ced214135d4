/** Writes a place in words, for people. */
import type { Place } from './place.ts';

type Named = { readonly [Part in 'city' | 'region' | 'country']?: Place[Part] | undefined };

/** "Paris, France", or "Paris, Île-de-France, France" with `region: true`; absent and empty parts are left out. */
export function placeText(place: Named = {}, { region = false } = {}): string {
  return [place.city, region ? place.region : undefined, place.country].filter(Boolean).join(', ');
}
