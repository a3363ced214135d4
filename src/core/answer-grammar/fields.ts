/** The fields of an answer, their names in every spelling that models use, and how values are cleaned. */

export type FieldName = 'country' | 'region' | 'city' | 'place' | 'latitude' | 'longitude' | 'position' | 'confidence';

/** Cleaned text of each field that was written; null where it was written as unknown. */
export type Fields = { [Name in FieldName]?: string | null };

/** Lower-case names. The prompt asks for `country` and `city`; the rest is what models write anyway. */
export const FIELD_NAMES: Readonly<Record<FieldName, readonly string[]>> = {
  country: ['country', 'nation', 'country or territory', 'country/region', '国家', 'país', 'pays', 'land'],
  region: ['region', 'state', 'province', 'county', 'state/province', 'admin1', '省份', '省'],
  city: [
    'city',
    'town',
    'village',
    'municipality',
    'city/town',
    'nearest city',
    'locality',
    '城市',
    'ciudad',
    'ville',
    'stadt',
  ],
  place: [
    'city, country',
    'city/country',
    'city and country',
    'location',
    'place',
    'address',
    'final answer',
    'answer',
    'best guess',
    'guess',
    'final guess',
    'prediction',
  ],
  latitude: ['latitude', 'lat'],
  longitude: ['longitude', 'long', 'lng', 'lon'],
  position: ['coordinates', 'coordinate', 'gps coordinates', 'gps', 'position', 'lat/long', 'lat, long'],
  confidence: ['confidence', 'confidence score', 'confidence level', 'probability'],
};

/** Maximum length of a name, beyond which it is a sentence; the longest name in GeoNames has 120 characters. */
const MAX_NAME_CHARACTERS = 120;
/** Only this much of a raw value is cleaned, because cleaning takes several passes. */
const MAX_RAW_CHARACTERS = 400;
const MAX_WORDS = 12;

const UNKNOWN =
  /^(?:unknown|unclear|unsure|uncertain|undetermined|undeterminable|unidentified|unidentifiable|unspecified|unnamed|indeterminate|n\/?a|none|null|nil|undefined|not (?:sure|known|specified|determined|determinable|identifiable|identified|available|applicable|possible|provided|enough|visible|given)|cannot|can't|could not|unable to|i(?:['’]m| am) (?:not sure|unsure|uncertain)|i (?:don['’]t|do not) know|(?:hard|difficult) to (?:say|tell)|no (?:specific|particular|city|country|information|idea|clear)|insufficient|tbd|无法确定|未知|不确定|\?+|-+|\.+|…)(?![\p{L}\p{N}])|^(?:unknown|n\/a|\?+|-+|…|\.+)$/iu;

/** The prompt's own placeholder, "[city name]", repeated by the model, with punctuation around it. */
const PLACEHOLDERS =
  /^(?:[\s"'“”‘’.,;:!]*\[\s*(?:country|city|region|state)(?:\s+name)?\s*\])+[\s"'“”‘’.,;:!)\]}]*$|^[[<({]?\s*(?:the\s+)?(?:country|city|region|state)(?:\s+name)?\s*[\])>}]?$/iu;

/** Whether a text contains the prompt's form without its blanks filled in. */
export const holdsPlaceholder = (text: string): boolean =>
  /\[\s*(?:country|city|region|state)(?:\s+name)?\s*\]/iu.test(text);

const QUOTES = /^["'“”‘’«»]+|["'“”‘’«»]+$/gu;

/**
 * A value without markdown, quotes, brackets and closing punctuation. Null when it says that the answer is unknown;
 * undefined when it is empty, a sentence or the prompt's placeholder.
 */
export function cleanValue(raw: string): string | null | undefined {
  let value = raw
    .slice(0, MAX_RAW_CHARACTERS)
    .replaceAll(/[*_`#|]+/gu, ' ')
    .replaceAll(/<[^<>]{0,40}>/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  if (PLACEHOLDERS.test(value)) return undefined;
  for (let before = ''; before !== value;) {
    before = value;
    value = value
      .replaceAll(QUOTES, '')
      .replace(/^[\s:,;=]+/u, '')
      .replace(/[\s,;:!]+$/u, '')
      // Punctuation between this value and the next label.
      .replace(/\s+[-–—/(]+$/u, '');
    value = value
      .replace(/^\[(.*)\]$/u, '$1')
      .replace(/^\((.*)\)$/u, '$1')
      .replace(/^\{(.*)\}$/u, '$1');
    value = value
      .replace(/^[^([{]*[)\]}]+$/u, (text) => text.replace(/[)\]}]+$/u, ''))
      .replace(/^[([{]+([^)\]}]*)$/u, '$1');
    // A full stop ends a sentence, unless it ends an abbreviation: "Washington D.C.", "Co."
    value = value.replace(/(?<=\p{L}{3,}|\d|[)\]])\.$/u, '');
  }
  if (UNKNOWN.test(value)) return null;
  if (value === '' || value.length > MAX_NAME_CHARACTERS || value.split(' ').length > MAX_WORDS) return undefined;
  return value;
}

/** True when the fields hold, or explicitly deny, a place or a position. */
export function namesPlace(fields: Fields): boolean {
  return (['country', 'city', 'place', 'region', 'position', 'latitude'] as const).some(
    (name) => fields[name] !== undefined,
  );
}
