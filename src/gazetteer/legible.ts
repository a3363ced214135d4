/**
 * Limits on the texts that may be read as place names. Texts come from models and strangers; names are short, and the
 * time to read a text grows faster than its length and number of parts.
 */
import type { Place } from '../core/place.ts';
import { visible } from './fold.ts';

/** Maximum length of a text: more than a name with region, country and remarks; GeoNames' longest name has 120. */
const MAX_CHARACTERS = 400;
/** Maximum number of parts; an address has about six. */
const MAX_PARTS = 16;

/** Full-width, Arabic and ideographic marks that separate parts of a place, and their ASCII forms. */
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
const PLAIN = /^[\x20-\x7e]*$/;
const MARK = new RegExp(`[${RegExp.escape(Object.keys(MARKS).join(''))}]`, 'gu');

/** The text with single spaces, ASCII separators and no invisible characters, or why it cannot be a name. */
export function legible(text: string): { readonly name: string } | { readonly reason: string } {
  const plain = PLAIN.test(text) ? text : visible(text).replace(MARK, (mark) => MARKS[mark]!);
  const name = plain.replaceAll(/\s+/g, ' ').trim();
  const refused = (why: string): { reason: string } => ({ reason: `“${name.slice(0, 40)}…” names no place: ${why}.` });
  if (name.length > MAX_CHARACTERS)
    return refused(`it has ${name.length} characters, and no name over ${MAX_CHARACTERS}`);
  const parts = name.split(/[,;/|()[\]]/).length;
  if (parts > MAX_PARTS) return refused(`it has ${parts} parts, and no name over ${MAX_PARTS}`);
  return { name };
}

/** The place with legible texts, or why one of them cannot be a name. */
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
