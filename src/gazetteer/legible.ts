/**
 * Limits the length and the number of parts of the texts that are read as place names. Real names are short, but texts
 * also come from models and from untrusted users. The reading time grows faster than the length and the number of
 * parts.
 */
import type { Place } from '../core/place.ts';
import { visible } from './fold.ts';

/**
 * Maximum length of a text. A name with region, country and remarks is shorter. The longest name in GeoNames has 120
 * characters.
 */
const MAX_CHARACTERS = 400;
/** Maximum number of parts. An address has about six. */
const MAX_PARTS = 16;

/** Full-width, Arabic and ideographic separators and brackets, with their ASCII forms. */
const MARKS: Readonly<Record<string, string>> = {
  '，': ',',
  '、': ',',
  '،': ',',
  '﹐': ',',
  '､': ',',
  '；': ';',
  '؛': ';',
  '（': '(',
  '）': ')',
  '［': '[',
  '］': ']',
  '【': '[',
  '】': ']',
  '／': '/',
  '｜': '|',
  '．': '.',
  '　': ' ',
};
/** Matches words of ASCII letters and digits with single spaces, which need no change. Most names are like this. */
const ONE_NAME = /^[\w'.-]+(?: [\w'.-]+)*$/;
const PLAIN = /^[\x20-\x7e]*$/;
const MARK = new RegExp(`[${RegExp.escape(Object.keys(MARKS).join(''))}]`, 'gu');

/**
 * Returns the text with single spaces, ASCII separators and no invisible characters, or the reason why it cannot be a
 * name.
 */
export function legible(text: string): { readonly name: string } | { readonly reason: string } {
  if (text.length <= MAX_CHARACTERS && ONE_NAME.test(text)) return { name: text };
  const plain = PLAIN.test(text) ? text : visible(text).replace(MARK, (mark) => MARKS[mark]!);
  const name = plain.replaceAll(/\s+/g, ' ').trim();
  const refused = (why: string): { reason: string } => ({ reason: `“${name.slice(0, 40)}…” names no place: ${why}.` });
  if (name.length > MAX_CHARACTERS)
    return refused(`it has ${name.length} characters, but a name has at most ${MAX_CHARACTERS}`);
  const parts = name.split(/[,;/|()[\]]/).length;
  if (parts > MAX_PARTS) return refused(`it has ${parts} parts, but a name has at most ${MAX_PARTS}`);
  return { name };
}

/** Returns the place with cleaned texts, or the reason why one of them cannot be a name. */
export function legiblePlace(place: Place): { readonly place: Place } | { readonly reason: string } {
  const texts: Partial<Record<'country' | 'region' | 'city', string>> = {};
  for (const field of ['country', 'region', 'city'] as const) {
    const text = place[field];
    if (text === undefined) continue;
    const read = legible(text);
    if ('reason' in read) return read;
    texts[field] = read.name;
  }
  return { place: { ...place, ...texts } };
}
