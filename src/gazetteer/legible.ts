/**
 * What may be read as names of places at all. Texts come from models and strangers; names are short, and reading them takes time that
 * grows faster than their length and number of parts.
 */
import type { Place } from '../core/place.ts';

/** More than any name with its region, country and remarks: the longest name in GeoNames has 120 characters. */
const MOST_CHARACTERS = 400;
/** An address has half a dozen. */
const MOST_PARTS = 16;

/** A text with single spaces; undefined for one that is no name for its length. */
export function legible(text: string): string | undefined {
  const tidy = text.replaceAll(/\s+/g, ' ').trim();
  if (tidy.length > MOST_CHARACTERS) return undefined;
  return tidy.split(/[,;/|()[\]]/).length > MOST_PARTS ? undefined : tidy;
}

/** The place with legible texts, or why one of them is no name. */
export function legiblePlace(place: Place): { readonly place: Place } | { readonly reason: string } {
  const texts: Partial<Record<'country' | 'region' | 'city', string>> = {};
  for (const field of ['country', 'region', 'city'] as const) {
    const text = place[field];
    if (text === undefined) continue;
    const name = legible(text);
    if (name === undefined) {
      const start = text.trim().slice(0, 40);
      return { reason: `“${start}…” is no name of a ${field}: it has ${text.length} characters, or too many parts.` };
    }
    texts[field] = name;
  }
  return { place: { ...place, ...texts } };
}
