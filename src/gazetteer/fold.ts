/**
 * Folding reduces the spellings of a name to one form, so that names can be compared by equality. The index and the
 * queries use the same function, so a change to it requires a new index (raise FORMAT_VERSION). Folding merges
 * traditional and simplified Chinese characters but does not transliterate. A name in another script is found only if
 * GeoNames lists it.
 */
import { decomposed } from '../core/decomposed.ts';
import { SIMPLIFIED, TRADITIONAL } from './han-variants.ts';

/** Matches accents and vowel points. Indic vowel signs are excluded, because they are letters. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670]/g;

/** Letters for which Unicode has no decomposition. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ł: 'l',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
  ŋ: 'n',
  ə: 'a',
};
const SPECIAL_LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

/** Matches apostrophes (Xi'an = Xian) and full stops after a single letter (D.C. = DC). Folding removes both. */
const VANISHING = /['’‘`´ʻʼʾʿʹ′]|(?<=(?:^|[^\p{L}\p{M}])\p{L})\./gu;
const SEPARATORS = /[^\p{L}\p{M}\p{N}]+/gu;

const WORDS: Readonly<Record<string, string>> = {
  st: 'saint',
  sankt: 'saint',
  ste: 'sainte',
  sta: 'santa',
  mt: 'mount',
  ft: 'fort',
  pt: 'port',
};
const HAN = /\p{sc=Han}/gu;
const simplified = new Map(Array.from(TRADITIONAL, (character, i) => [character, SIMPLIFIED[i]!]));

/**
 * Matches soft hyphens, zero-width characters and direction marks. Copied text may contain them, but they are not
 * visible.
 */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Removes invisible characters. */
export const visible = (text: string): string => text.replace(INVISIBLE, '');

const LATIN_LOWER = /^[a-z0-9 -]*$/;

/**
 * Returns the key of an ISO 3166-1 code in the index of country names. It starts with #, which no folded name contains.
 */
export const codeKey = (code: string): string => `#${code.trim().toLowerCase()}`;

/** Caches folded texts, because several steps fold the same text and country names repeat often. */
const recent = new Map<string, string>();
const MAX_RECENT = 2000;

/**
 * Converts to lower case and removes accents, punctuation and a leading article; "&" becomes "and", "St." becomes
 * "saint". The result may be empty.
 */
export function fold(text: string): string {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const folded = foldAnew(text);
  if (recent.size >= MAX_RECENT) recent.clear();
  recent.set(text, folded);
  return folded;
}

function foldAnew(text: string): string {
  let folded = text.toLowerCase();
  if (!LATIN_LOWER.test(folded)) {
    folded = decomposed(visible(folded))
      .toLowerCase()
      .replace(ACCENTS, '')
      .replace(SPECIAL_LETTER, (letter) => LETTERS[letter]!)
      .replace(HAN, (character) => simplified.get(character) ?? character)
      .replace(VANISHING, '')
      .replaceAll('&', ' and ');
  }
  const words = folded.replace(SEPARATORS, ' ').trim().split(' ');
  if (words.length > 1 && words[0] === 'the') words.shift();
  return words.map((word) => (Object.hasOwn(WORDS, word) ? WORDS[word]! : word)).join(' ');
}

/**
 * Returns a hash of a folded name. It has 53 bits, so that a double represents it exactly. It combines two 32-bit
 * multiplicative hashes. For an index of a million names, an unknown name collides about once in 10^10 queries.
 */
export function hashName(folded: string): number {
  let low = 0x9e3779b9;
  let high = 0x85ebca6b;
  for (let i = 0; i < folded.length; i++) {
    const unit = folded.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0xc2b2ae35);
    low ^= low >>> 15;
    high ^= high >>> 13;
  }
  low = Math.imul(low ^ (high >>> 16), 0x27d4eb2f);
  high = Math.imul(high ^ (low >>> 15), 0x165667b1);
  return ((high ^ (high >>> 14)) >>> 11) * 2 ** 32 + ((low ^ (low >>> 16)) >>> 0);
}

/**
 * Returns the set of letters of a folded name in 32 bits: one bit for each letter a to z, and six classes for all other
 * characters. One edit changes at most two bits. Comparing sets therefore excludes most names before their edit
 * distance is computed.
 */
export function letterSet(folded: string): number {
  let set = 0;
  for (let i = 0; i < folded.length; i++) {
    const unit = folded.charCodeAt(i);
    if (unit !== 32) set |= 1 << (unit >= 97 && unit <= 122 ? unit - 97 : 26 + (unit % 6));
  }
  return set >>> 0;
}

/** Counts the set bits. */
export function bitCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Maximum length of a name that the edit search considers. */
const MAX_FUZZY_CHARACTERS = 40;

export const isLatin = (folded: string): boolean => /^[a-z]/.test(folded);

export const isFuzzy = (folded: string): boolean => folded.length >= 5 && folded.length <= MAX_FUZZY_CHARACTERS;

/**
 * Returns the sort key of a folded name: its first letter, then its length. An edit search therefore reads only names
 * with the same first letter and a similar length.
 */
export function fuzzyKey(folded: string, length = folded.length): number {
  const unit = folded.charCodeAt(0);
  return (isLatin(folded) ? unit - 97 : 26 + (unit % 64)) * 64 + length;
}
