/**
 * Decides whether a text has the form of a place name: capitals, few words, not a sentence. Does not use the gazetteer.
 */

/** Maximum length of a text without labels that counts as one place name. */
export const MAX_BARE_PLACE_CHARACTERS = 80;
const MAX_PARTS = 6;
const MAX_WORDS_OF_PART = 7;

/** Matches lower-case words that names may contain. */
const PARTICLES =
  /^(?:d|de|da|do|dos|das|del|della|delle|dei|di|du|des|la|le|les|las|los|el|al|an|am|auf|im|in|der|den|die|das|und|y|e|et|i|of|the|and|on|upon|near|by|sur|sous|aux?|en|van|von|zu|ob|pod|nad|na|bin|ibn|area|city|region|province|state|county|district|old|town|northern|southern|eastern|western|central|downtown|outskirts|around|close|to|at|somewhere|near|north|south|east|west)$/u;

/** Matches the start of a word in a name: a capital, a letter of a script without case, or a digit (in addresses). */
const STARTS_NAME = /^(?:[\p{Lu}\p{Lt}\p{Lo}\p{N}]|['’‘"“(-]\p{L}|d['’]|l['’])/u;

/**
 * True for "Porto, Portugal", "Rio de Janeiro" and "東京, 日本". False for sentences and for words in lower case. With
 * `comma`, the text must have at least two parts separated by commas.
 */
export function isPlaceLike(text: string, { comma }: { readonly comma: boolean }): boolean {
  if (text.length > MAX_BARE_PLACE_CHARACTERS || !/\p{L}/u.test(text)) return false;
  const parts = text
    .replaceAll(/\([^()]*\)/gu, '')
    .replace(/[.。!]+$/u, '')
    .split(/[,，、،]|\s[-–—|/]\s/u);
  if (parts.length > MAX_PARTS || (comma && parts.length < 2)) return false;
  return parts.every((part) => {
    const words = part.trim().split(/\s+/u);
    if (words.length > MAX_WORDS_OF_PART || words[0] === '') return false;
    return (
      words.every((word) => STARTS_NAME.test(word) || PARTICLES.test(word)) &&
      words.some((word) => STARTS_NAME.test(word))
    );
  });
}
