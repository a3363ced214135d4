/**
 * Reasonings that do not rest on the photo they are paired with, made from reasonings that do. Each kind spoils one
 * thing and leaves the rest plausible, so that the reward model must look at all of image, things and place. Kinds:
 * `other-photo`: the whole reasoning of another owner's photo of another country;
 * `other-things`: own place and form, but the body's sentences are those of another country's photo;
 * `other-place`: own things, but the place is another country's.
 */
import { type Random, shuffled } from '../../core/random.ts';
import type { Place } from '../../core/place.ts';
import type { JudgedReasoning } from './judged-reasoning.ts';

export const CORRUPTIONS = ['other-photo', 'other-things', 'other-place'] as const;
export type Corruption = (typeof CORRUPTIONS)[number];

/** A reasoning that places its photo. */
export type Placed = JudgedReasoning & { readonly place: Place };

export type CorruptedReasoning = { readonly reasoning: string; readonly place: Place };

/** Share of a reasoning's body that `other-things` replaces, rounded up. */
const REPLACED_SHARE = 0.75;

/** Undefined where the two have nothing to exchange: a reasoning of one sentence, a donor that lacks a city. */
export function corrupted(
  kind: Corruption,
  { own, donor, random }: { readonly own: Placed; readonly donor: Placed; readonly random: Random },
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

function otherThings(own: Placed, donor: Placed, random: Random): CorruptedReasoning | undefined {
  const [body, foreign] = [bodyOf(own.reasoning), bodyOf(renamed(donor, own.place) ?? '')];
  const count = Math.ceil(body.sentences.length * REPLACED_SHARE);
  if (count === 0 || foreign.sentences.length < count) return undefined;
  const places = new Set(shuffled([...body.sentences.keys()], random).slice(0, count));
  const fresh = shuffled(foreign.sentences, random).values();
  const sentences = body.sentences.map((sentence, i) => (places.has(i) ? fresh.next().value! : sentence));
  return { reasoning: [...sentences, body.closing].join(' '), place: own.place };
}

function otherPlace(own: Placed, donor: Placed): CorruptedReasoning | undefined {
  const reasoning = renamed(own, donor.place);
  if (reasoning === undefined) return undefined;
  const { country } = donor.place;
  return { reasoning, place: own.place.city === undefined ? { country } : { country, city: donor.place.city! } };
}

/** The reasoning with its country and city called otherwise; undefined when it names a city and the other place has none. */
function renamed({ reasoning, place }: Placed, to: Place): string | undefined {
  if (place.city !== undefined && to.city === undefined) return undefined;
  // Marks stand in between, because one place's new name may be another's old one.
  const marked = place.city === undefined ? reasoning : reasoning.replaceAll(place.city, '\u0001');
  return marked.replaceAll(place.country, to.country).replaceAll('\u0001', to.city ?? '');
}

/** All sentences but the last, which names the place. */
function bodyOf(reasoning: string): { sentences: string[]; closing: string } {
  const sentences = reasoning.split(/(?<=[.!?])\s+(?=\p{Lu})/u);
  return { sentences: sentences.slice(0, -1), closing: sentences.at(-1)! };
}
