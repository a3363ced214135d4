/**
 * Finds the noun phrases of a tagged sentence that name visible things. It uses rules over parts of speech instead of a
 * parser. A phrase is a run of adjectives, nouns and names that ends in a noun or name, its head. These phrases are
 * excluded:
 * - phrases whose head is not visible;
 * - names of places and brands without a visible head;
 * - things that the sentence describes as absent.
 */
import { decomposed } from '../core/decomposed.ts';
import { COLOURS, READING, TEXTUAL } from './lexicon/word-lists.ts';
import type { Entity } from './grounding.ts';
import type { Token } from './tagger.ts';
import { COUNTRY_NAMES, isKnown, isVisible, sameAs, singular } from './visible-nouns.ts';

/** Maximum length of a phrase. Only the last words of a longer run count. */
const MAX_PHRASE_TOKENS = 12;
/** Maximum length of a quotation of text in the image. A longer quotation is treated as prose. */
const MAX_QUOTED_TOKENS = 12;
/** Maximum distance in tokens between a word such as "reads" and the quotation after it. */
const READING_TOKENS = 6;

const isCapitalised = (text: string): boolean => /^\p{Lu}/u.test(text);
const isColour = (token: Token | undefined): boolean => token !== undefined && COLOURS.has(token.lower);
const isNoun = ({ pos }: Token): boolean => pos === 'NOUN' || pos === 'PROPN';

/** Returns the entities that a sentence names, in order of appearance and including repetitions. */
export function phrases(tagged: readonly Token[]): Entity[] {
  const sentence = retagged(tagged);
  const found: Entity[] = [];
  let start = 0;
  while (start < sentence.length) {
    const quoted = quotation(sentence, start);
    if (quoted !== undefined) {
      found.push(...quoted.entity);
      start = quoted.end;
      continue;
    }
    let end = start;
    while (end < sentence.length && isPhraseWord(sentence, end, start)) end++;
    const run = trimmed(sentence, start, end);
    if (run.length > 0) {
      const entity = entityOf(run, { isFirst: isSentenceStart(sentence, start) });
      if (entity !== undefined && !isAbsent(sentence, start, end)) found.push(entity);
    }
    start = Math.max(end, start + 1);
  }
  return found;
}

/** Corrects the tagger's most common errors for nouns. */
const retagged = (sentence: readonly Token[]): readonly Token[] =>
  sentence.map((token, i) => {
    const [before, after] = [sentence[i - 1], sentence[i + 1]];
    const wrong = asVerb(token, before, after) ? 'VERB' : asNoun(token, before, after) ? 'NOUN' : undefined;
    return wrong === undefined ? token : { ...token, pos: wrong };
  });

/** True for "line" in "Cars line the road": a word tagged as a noun between a noun and an article is a verb. */
const asVerb = ({ pos }: Token, before?: Token, after?: Token): boolean =>
  pos === 'NOUN' && before?.pos === 'NOUN' && after?.pos === 'DET';

/**
 * True for "stop" in "At a bus stop." and "light" in "a blurred light": a word for a visible thing at the end of a
 * phrase is a noun.
 */
function asNoun({ pos, lower }: Token, before?: Token, after?: Token): boolean {
  if (pos !== 'VERB' && pos !== 'ADJ') return false;
  const ends = after === undefined || after.pos === 'PUNCT' || (pos === 'ADJ' && /^(?:VERB|AUX|ADP)$/.test(after.pos));
  if (!ends || before === undefined) return false;
  if (before.pos === 'NOUN' && sameAs(`${before.lower} ${lower}`).length > 1) return true;
  const opens = pos === 'ADJ' ? /^(?:ADJ|DET)$/ : /^(?:ADJ|NOUN)$/;
  return opens.test(before.pos) && !COLOURS.has(lower) && isKnown(lower) && isVisible(lower);
}

const isPlural = (noun: string): boolean => noun.endsWith('s') && singular(noun) !== noun;

function isPhraseWord(sentence: readonly Token[], at: number, start: number): boolean {
  const token = sentence[at]!;
  if (isNoun(token)) return true;
  if (token.pos === 'ADJ') return true;
  // Accepts the "and" in "red and white kerbs".
  if (token.lower === 'and' && at > start) return isColour(sentence[at - 1]) && isColour(sentence[at + 1]);
  // The tokenizer splits "high-rise" and "snow-capped" at the hyphen.
  if (sentence[at - 1]?.text === '-' && at > start) return token.before === '' && token.pos !== 'PUNCT';
  if (token.text === '-' && at > start && token.before === '') return sentence[at + 1]?.before === '';
  // In "a paved road", the participle between an article and a noun describes the noun.
  const before = sentence[at - 1]?.pos;
  return (
    token.pos === 'VERB' &&
    /(?:ed|ing)$/.test(token.lower) &&
    (before === 'DET' || before === 'ADJ' || isColour(sentence[at - 1])) &&
    sentence[at + 1] !== undefined &&
    (isNoun(sentence[at + 1]!) || sentence[at + 1]!.pos === 'ADJ')
  );
}

/**
 * Cuts a run after its last noun. If that noun is probably a verb ("cars drive"), cuts after the last visible plural
 * instead.
 */
function trimmed(sentence: readonly Token[], start: number, end: number): readonly Token[] {
  let last = end - 1;
  while (last >= start && !isNoun(sentence[last]!)) last--;
  const run = sentence.slice(Math.max(start, last + 1 - MAX_PHRASE_TOKENS), last + 1);
  if (run.length < 2 || isVisible(singular(run.at(-1)!.lower)) || isTerm(run, singular(run.at(-1)!.lower))) return run;
  const plural = run.findLastIndex(
    (token) => isNoun(token) && isPlural(token.lower) && isVisible(singular(token.lower)),
  );
  return plural < 0 ? run : run.slice(0, plural + 1);
}

/** True where a capital letter has no meaning: at the start of a sentence, after a colon or after a bullet. */
const isSentenceStart = (sentence: readonly Token[], at: number): boolean =>
  at === 0 || /^[:\-–—•.)\]]$/.test(sentence[at - 1]!.text) || sentence[at - 1]!.pos === 'SPACE';

function entityOf(run: readonly Token[], { isFirst }: { isFirst: boolean }): Entity | undefined {
  const last = run.at(-1)!;
  const head = singular(last.lower);
  if (!isVisible(head) && !isTerm(run, head)) return undefined;
  const capitals = new Set(run.filter(({ text }, i) => isCapitalised(text) && !(i === 0 && isFirst)));
  const headIsName = capitals.has(last);
  if (headIsName && !isHeadOfName(run)) return undefined;
  // A capitalised word that the lists do not know, such as "Boston", is a name, at any position in the sentence.
  if (isCapitalised(last.text) && (COUNTRY_NAMES.has(last.lower) || !isKnown(head))) return undefined;
  const keepsNames = headIsName || TEXTUAL.has(head);
  const modifiers = run.slice(0, -1).filter((token) => keepsNames || !capitals.has(token));
  return {
    text: written(run),
    lemma: [...modifiers.map(({ lower }) => lower), head].join(' ').replaceAll(/ ?- ?/g, '-').replace(/^-/, ''),
    head,
  };
}

/**
 * True for "shop front", because the synonyms contain the two words as one term. "Front" alone is not a visible thing.
 */
const isTerm = (run: readonly Token[], head: string): boolean =>
  run.length > 1 && sameAs(`${run.at(-2)!.lower} ${head}`).length > 1;

/**
 * True for "Eiffel Tower", which is a tower. False for a single capitalised "Reading" inside a sentence, which is a
 * name.
 */
const isHeadOfName = ([only, ...rest]: readonly Token[]): boolean =>
  rest.length > 0 || only!.pos === 'NOUN' || ABBREVIATED.has(only!.lower);

/** Abbreviations of things. They are written in capitals but are not names. */
const ABBREVIATED: ReadonlySet<string> = new Set(['tv', 'tvs', 'suv', 'suvs', 'atm', 'atms']);

const written = (run: readonly Token[]): string =>
  run.map(({ before, text }, i) => (i === 0 ? text : before + text)).join('');

const NOT = /^(?:not|n't|never|hardly)$/;

/** True if the sentence says that the thing is absent: "no snow", "absence of signs", "palms are missing". */
function isAbsent(sentence: readonly Token[], start: number, end: number): boolean {
  // The commas in "no trees, signs or people" join a list. In "No doubt, trees grow here" the comma starts a new
  // clause.
  const isList = sentence
    .slice(Math.max(0, start - 12), end + 8)
    .some(({ lower }) => lower === 'or' || lower === 'nor');
  for (let i = start - 1; i >= 0 && i >= start - 12; i--) {
    const { lower, pos } = sentence[i]!;
    if (lower === 'no' || lower === 'without' || lower === 'neither' || lower === 'nor' || lower === 'lacks')
      return true;
    if (lower === 'of' && /^(?:absence|lack|absent|devoid|free)$/.test(sentence[i - 1]?.lower ?? '')) return true;
    if (lower === 'any' && sentence.slice(Math.max(0, i - 4), i).some((token) => NOT.test(token.lower))) return true;
    if (lower === 'a' && NOT.test(sentence[i - 1]?.lower ?? '')) return true;
    // In "no palm trees, signs or other people", the "no" applies to the whole list. A verb or a new clause ends the
    // list.
    const joins =
      pos === 'ADJ' ||
      pos === 'NOUN' ||
      pos === 'PROPN' ||
      pos === 'DET' ||
      lower === 'or' ||
      (lower === ',' && isList);
    if (!joins) break;
  }
  const after = sentence
    .slice(end, end + 4)
    .map(({ lower }) => lower)
    .join(' ');
  return /^(?:(?:is|are|was|were) )?(?:absent|missing|lacking|nowhere|(?:not|n't) (?:visible|present|seen))\b/.test(
    after,
  );
}

/**
 * Reads a quotation of text in the image: `a sign that reads "Tailor 2 Fit"`. Other quotations are treated as prose.
 */
function quotation(sentence: readonly Token[], at: number): { entity: Entity[]; end: number } | undefined {
  if (sentence[at]!.text !== '"') return undefined;
  // The search for the closing mark is limited to a few tokens. Searching the whole text for each mark would take
  // quadratic time.
  const length = sentence.slice(at + 1, at + MAX_QUOTED_TOKENS + 2).findIndex(({ text }) => text === '"');
  if (length <= 0) return undefined;
  const close = at + 1 + length;
  const isRead = sentence.slice(Math.max(0, at - READING_TOKENS), at).some(({ lower }) => READING.has(lower));
  if (!isRead) return undefined;
  const inner = sentence.slice(at + 1, close);
  const lemma = words(written(inner)).join(' ');
  const entity = lemma === '' ? [] : [{ text: `"${written(inner)}"`, lemma, head: 'text' }];
  return { entity, end: close + 1 };
}

/** Returns the lower-case words without accents and punctuation, for comparing texts. */
export const words = (text: string): string[] =>
  decomposed(text)
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];
