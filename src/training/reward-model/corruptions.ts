/**
 * Makes plausible reasoning texts that do not fit their photo. Training on them teaches the reward model to check
 * things and places against the image. Every kind of corruption needs a donor, which is a reasoning text about a photo
 * from another country. `other-photo` replaces the whole text by the donor. `other-things` keeps the named place, but
 * takes most sentences from the donor. `other-place` keeps the sentences, but takes the place from the donor.
 */
import { type Random, shuffled } from '../../core/random.ts';
import type { Place } from '../../core/place.ts';
import type { JudgedReasoning } from './judged-reasoning.ts';

export const CORRUPTIONS = ['other-photo', 'other-things', 'other-place'] as const;
export type Corruption = (typeof CORRUPTIONS)[number];

/** A judged reasoning text that names a place. */
export type PlacedReasoning = JudgedReasoning & { readonly place: Place };

export type CorruptedReasoning = { readonly reasoning: string; readonly place: Place };

/** `other-things` replaces this share of the sentences before the conclusion, rounded up. */
const REPLACED_SHARE = 0.75;

/**
 * Corrupts the reasoning text `own`. Returns undefined if that is impossible: `own` has a single sentence, or the donor
 * has too few sentences or lacks a city.
 */
export function corrupt(
  kind: Corruption,
  { own, donor, random }: { readonly own: PlacedReasoning; readonly donor: PlacedReasoning; readonly random: Random },
): CorruptedReasoning | undefined {
  switch (kind) {
    case 'other-photo':
      return { reasoning: donor.reasoning, place: donor.place };
    case 'other-things':
      return otherThings(own, donor, random);
    case 'other-place':
      return otherPlace(own, donor);
    default:
      throw new TypeError(`Unknown corruption: ${JSON.stringify(kind satisfies never)}`);
  }
}

function otherThings(own: PlacedReasoning, donor: PlacedReasoning, random: Random): CorruptedReasoning | undefined {
  const [body, foreign] = [bodyOf(own.reasoning), bodyOf(rename(donor, own.place) ?? '')];
  const count = Math.ceil(body.sentences.length * REPLACED_SHARE);
  if (count === 0 || foreign.sentences.length < count) return undefined;
  const places = new Set(shuffled([...body.sentences.keys()], random).slice(0, count));
  const fresh = shuffled(foreign.sentences, random).values();
  const sentences = body.sentences.map((sentence, i) => (places.has(i) ? fresh.next().value! : sentence));
  return { reasoning: [...sentences, body.closing].join(' '), place: own.place };
}

function otherPlace(own: PlacedReasoning, donor: PlacedReasoning): CorruptedReasoning | undefined {
  const reasoning = rename(own, donor.place);
  if (reasoning === undefined) return undefined;
  const { country } = donor.place;
  return { reasoning, place: own.place.city === undefined ? { country } : { country, city: donor.place.city! } };
}

/**
 * Replaces the country and city in a reasoning text. Returns undefined if the text names a city but the new place has
 * none.
 */
function rename({ reasoning, place }: PlacedReasoning, to: Place): string | undefined {
  if (place.city !== undefined && to.city === undefined) return undefined;
  // The placeholder protects the new country's name: the old city's name could occur inside it.
  const marked = place.city === undefined ? reasoning : reasoning.replaceAll(place.city, '\u0001');
  return marked.replaceAll(place.country, to.country).replaceAll('\u0001', to.city ?? '');
}

/** Separates the last sentence, which names the place, from the sentences before it. */
function bodyOf(reasoning: string): { sentences: string[]; closing: string } {
  const sentences = reasoning.split(/(?<=[.!?])\s+(?=\p{Lu})/u);
  return { sentences: sentences.slice(0, -1), closing: sentences.at(-1)! };
}
