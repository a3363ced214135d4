/** The fields of an answer, and functions that clean and rank their values. */

import { FIELD_NAMES, type FieldName } from './labels.ts';

/** The cleaned text of each field that was found. Null if the text says that the field is unknown. */
export type Fields = { [Name in FieldName]?: string | null };

/**
 * The content of one region of a completion: the answer's fields, the fields of each alternative, and the text before
 * these fields.
 */
export type Reading = {
  readonly fields: Fields;
  readonly alternatives: readonly Fields[];
  readonly before: string;
  /** The values of JSON keys that contain the model's reasons, such as "reasoning". */
  readonly reasons?: string;
};

export const FIELD_OF_NAME: ReadonlyMap<string, FieldName> = new Map(
  Object.entries(FIELD_NAMES).flatMap(([field, names]) => names.map((name) => [name, field as FieldName] as const)),
);

/**
 * Maximum length of a name. A longer text is treated as a sentence. The longest name in GeoNames has 120 characters.
 */
const MAX_NAME_CHARACTERS = 120;
/** Only this many characters of a raw value are cleaned, because cleaning takes several passes. */
const MAX_RAW_CHARACTERS = 400;
const MAX_WORDS = 12;

const UNKNOWN =
  /^(?:unknown|unclear|unsure|uncertain|undetermined|undeterminable|unidentified|unidentifiable|unspecified|unnamed|indeterminate|n\/?a|none|null|nil|undefined|not (?:sure|known|specified|determined|determinable|identifiable|identified|available|applicable|possible|provided|enough|visible|given)|cannot|can't|could not|unable to|i(?:['’]m| am) (?:not sure|unsure|uncertain)|i (?:don['’]t|do not) know|(?:hard|difficult) to (?:say|tell)|no (?:specific|particular|city|country|information|idea|clear)|insufficient|tbd|无法确定|未知|不确定|\?+|-+|\.+|…)(?![\p{L}\p{N}])|^(?:unknown|n\/a|\?+|-+|…|\.+)$/iu;

/** Matches the prompt's placeholder "[city name]" in the answer, with any punctuation around it. */
const PLACEHOLDERS =
  /^(?:[\s"'“”‘’.,;:!]*\[\s*(?:country|city|region|state)(?:\s+name)?\s*\])+[\s"'“”‘’.,;:!)\]}]*$|^[[<({]?\s*(?:the\s+)?(?:country|city|region|state)(?:\s+name)?\s*[\])>}]?$/iu;

/** True if a text repeats a placeholder of the prompt such as "[city name]". */
export const holdsPlaceholder = (text: string): boolean =>
  /\[\s*(?:country|city|region|state)(?:\s+name)?\s*\]/iu.test(text);

const QUOTES = /^["'“”‘’«»「『]+|["'“”‘’«»」』]+$/gu;

/**
 * Returns the value without Markdown, quotes, brackets and closing punctuation. Returns null if the value says that the
 * answer is unknown, and undefined if it is empty, a sentence or the prompt's placeholder.
 */
export function cleanValue(raw: string): string | null | undefined {
  let value = raw
    .slice(0, MAX_RAW_CHARACTERS)
    .replaceAll(/[*_`#|]+/gu, ' ')
    .replaceAll(/<[^<>]{0,40}>/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[，、،;；؛]\s?/gu, (mark) => (mark.startsWith(';') ? mark : ', '))
    .replace(/(?<=\p{L}.{0,200})\s*\p{RI}{2}/u, '')
    .trim();
  if (PLACEHOLDERS.test(value)) return undefined;
  for (let before = ''; before !== value;) {
    before = value;
    value = value
      .replaceAll(QUOTES, '')
      .replace(/^[\s:,;=]+/u, '')
      .replace(/[\s,;:!]+$/u, '')
      // Remove the punctuation between this value and the next label.
      .replace(/\s+[-–—/(]+$/u, '');
    value = value
      .replace(/^\[(.*)\]$/u, '$1')
      .replace(/^\((.*)\)$/u, '$1')
      .replace(/^\{(.*)\}$/u, '$1');
    value = value
      .replace(/^[^([{]*[)\]}]+$/u, (text) => text.replace(/[)\]}]+$/u, ''))
      .replace(/^[([{]+([^)\]}]*)$/u, '$1');
    // A full stop ends a sentence and is removed, unless it ends an abbreviation: "Washington D.C.", "Co."
    value = value.replace(/(?<=\p{L}{3,}|\d|[)\]])\.$|[。．｡।]$/u, '');
  }
  if (UNKNOWN.test(value)) return null;
  if (value === '' || value.length > MAX_NAME_CHARACTERS || value.split(' ').length > MAX_WORDS) return undefined;
  return value;
}

const PLACE_FIELDS = ['country', 'city', 'place', 'region', 'position', 'latitude'] as const;

/** Replaces Markdown and tags around labels with spaces. */
export function withoutMarkdown(text: string): string {
  return text.replaceAll(/[*_`#]/gu, ' ').replaceAll(/<[^<>\n]{0,40}>/gu, ' ');
}

/** True if the fields contain a place or position, or say that the place or position is unknown. */
export function namesPlace(fields: Fields): boolean {
  return PLACE_FIELDS.some((name) => fields[name] !== undefined);
}

/**
 * Reads a probability in [0, 1] from "85%", "0.85", "85/100" or "0,85". Returns undefined for words and for numbers
 * that are not a probability.
 */
export function confidenceOf(text: string | null | undefined): number | undefined {
  const match = /^~?(\d{1,9}(?:[.,]\d{1,9})?)\s?(%|％|\/\s?(?:100|10|1)\b)?/u.exec(text ?? '');
  if (match === null) return undefined;
  const number = Number(match[1]!.replace(',', '.'));
  const scale = match[2] === undefined ? 1 : /[%％]/u.test(match[2]) ? 100 : Number(match[2].slice(1));
  const share = number / (scale === 1 && number > 1 ? 100 : scale);
  return share <= 1 ? share : undefined;
}

/** One of several guesses, with the model's rank for it, if any. */
export type Guess = { readonly fields: Fields; readonly rank?: number };

/**
 * Sorts the guesses, best first: by rank if all have one, otherwise by probability if all have one, otherwise in text
 * order. Equal guesses keep their order.
 */
export function rankedGuesses(guesses: readonly Guess[]): Fields[] {
  const worth = [
    ({ rank }: Guess) => (rank === undefined ? undefined : -rank),
    ({ fields }: Guess) => confidenceOf(fields.confidence),
  ].find((measure) => guesses.every((guess) => measure(guess) !== undefined));
  const sorted = worth === undefined ? guesses : guesses.toSorted((a, b) => worth(b)! - worth(a)!);
  return sorted.map(({ fields }) => fields);
}

/**
 * Puts "lon, lat =" before a position whose label names the longitude first, such as "lng/lat". The coordinate parser
 * then reads the longitude first.
 */
export function positionText(label: string, value: string | null): string | null {
  return value !== null && /^l(?:on|ng)/u.test(label) ? `lon, lat = ${value}` : value;
}

const PROBABILITY_AT_END =
  /[\s([:,–—-]{0,4}~?(?<share>\d{1,3}(?:[.,]\d+)?\s?%|0[.,]\d+)[^\p{L}\p{N}]{0,6}(?:(?:probability|confidence|likely|likelihood|chance)[^\p{L}\p{N}]{0,3})?$/iu;

/** Splits "Oslo, Norway - 55%" into the name and the probability after it. */
export function withoutProbability(text: string): { readonly name: string; readonly share?: string } {
  const match = PROBABILITY_AT_END.exec(text);
  const name = text.slice(0, match?.index);
  return match === null || !/\p{L}/u.test(name) ? { name: text } : { name, share: match.groups!['share']! };
}
