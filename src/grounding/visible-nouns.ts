/**
 * Which nouns name something that an image can show, their singular, and which things are the same or a kind of
 * another. The first rule with an answer decides about a noun: our two lists (`lexicon/word-lists.ts`); WordNet
 * (visible if its most common sense is a physical entity); the ending of a word that WordNet lacks.
 */
import wordnet from './lexicon/wordnet-nouns.json' with { type: 'json' };
import { KINDS, PARTS, SAME } from './lexicon/synonyms.ts';
import { ABSTRACT_ENDING, IRREGULAR_PLURALS, NOT_VISIBLE, VISIBLE } from './lexicon/word-lists.ts';

const wordnetVisible = new Set(wordnet.visible.split(' '));
const wordnetAbstract = new Set(wordnet.abstract.split(' '));

/** Countries of one word, lower-case: "Turkey" at the start of a sentence is not a bird. */
export const COUNTRY_NAMES: ReadonlySet<string> = countryNames();

/** `noun` is a lower-case singular. */
export const isVisible: (noun: string) => boolean = remember((noun) => {
  if (VISIBLE.has(noun)) return true;
  if (NOT_VISIBLE.has(noun) || COUNTRY_NAMES.has(noun)) return false;
  if (wordnetVisible.has(noun)) return true;
  if (wordnetAbstract.has(noun)) return false;
  // A compound is a kind of its last part: "fruit-tree" is a tree ("high-rise" is an exception).
  const last = noun.slice(noun.lastIndexOf('-') + 1);
  if (last !== noun && last !== '') return isVisible(last);
  return /^\p{L}{3,}$/u.test(noun) && !ABSTRACT_ENDING.test(noun);
});

/** Whether a list or WordNet contains the word. */
export const isKnown = (noun: string): boolean =>
  VISIBLE.has(noun) || NOT_VISIBLE.has(noun) || wordnetVisible.has(noun) || wordnetAbstract.has(noun);

/** Singular of a lower-case noun: the known word that a spelling rule gives, else the result of the simplest rule. */
export const singular: (noun: string) => string = remember((noun) => {
  const irregular = IRREGULAR_PLURALS.get(noun);
  if (irregular !== undefined) return irregular;
  if (noun.length < 4 || !noun.endsWith('s') || noun.endsWith('ss')) return noun;
  if (/(?:us|is)$/.test(noun)) return isKnown(noun.slice(0, -1)) && !isKnown(noun) ? noun.slice(0, -1) : noun;
  const candidates = [
    ...(noun.endsWith('ies') ? [`${noun.slice(0, -3)}y`] : []),
    ...(noun.endsWith('ves') ? [`${noun.slice(0, -3)}f`, `${noun.slice(0, -3)}fe`] : []),
    noun.slice(0, -1),
    ...(noun.endsWith('es') ? [noun.slice(0, -2)] : []),
  ];
  const known = candidates.find(isKnown);
  if (known !== undefined) return known;
  if (isKnown(noun)) return noun;
  return candidates.find((word) => !/(?:ch|sh|x|z|ss)e$|ie$/.test(word)) ?? noun;
});

const sameGroups = new Map<string, string[]>();
for (const group of SAME) for (const word of group) push(sameGroups, word, ...group);

const kindOf = new Map<string, string[]>();
for (const [kind, general] of KINDS) push(kindOf, kind, general);

const wordnetKindOf = new Map<string, string[]>();
for (const [general, words] of Object.entries(wordnet.kinds)) {
  for (const word of words.split(' ')) push(wordnetKindOf, word, general);
}

const wholeOf = new Map<string, string[]>();
for (const [part, whole] of PARTS) push(wholeOf, part, whole);

/** Words for the same thing, the word itself among them. */
export const sameAs = (word: string): readonly string[] => sameGroups.get(word) ?? [word];

/** Whether our list of kinds contains the word. */
export const isKindName = (name: string): boolean => kindOf.has(name);

/** The word and all more general words, by WordNet and by our kinds; synonyms are not followed. */
const ownGenerals = remember((word) => {
  const found = new Set([word, ...(wordnetKindOf.get(word) ?? [])]);
  for (const each of found) for (const general of kindOf.get(each) ?? []) found.add(general);
  return found;
});

/**
 * Whether one thing is the same as the other or a kind of it. Follows synonyms one step, on one side only, because
 * words with two meanings would join unrelated things ("blind", "screen", "monitor").
 */
export function isKindOf(special: string, general: string): boolean {
  return (
    sameAs(general).some((word) => ownGenerals(special).has(word)) ||
    sameAs(special).some((word) => ourGenerals(word).has(general))
  );
}

/**
 * The word and all more general words by our kinds alone, because a synonym may mean something else in WordNet ("coach"
 * is a bus here and a person there).
 */
const ourGenerals = remember((word) => {
  const found = new Set([word]);
  for (const each of found) for (const general of kindOf.get(each) ?? []) found.add(general);
  return found;
});

/** The wholes that contain a thing or its synonym, with the synonyms of each whole. */
export const wholesOf: (word: string) => ReadonlySet<string> = remember(
  (word) => new Set(sameAs(word).flatMap((each) => (wholeOf.get(each) ?? []).flatMap((whole) => [...sameAs(whole)]))),
);

/** Caches answers for as many words as a vocabulary has; unusual text does not grow the cache beyond that. */
export function remember<T>(compute: (word: string) => T): (word: string) => T {
  const MAX_WORDS = 20_000;
  const MAX_CHARACTERS = 100;
  const known = new Map<string, T>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const answer = compute(word);
    if (known.size < MAX_WORDS && word.length <= MAX_CHARACTERS) known.set(word, answer);
    return answer;
  };
}

function push(map: Map<string, string[]>, key: string, ...values: readonly string[]): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [...values]);
  else list.push(...values);
}

function countryNames(): ReadonlySet<string> {
  const letters = Array.from({ length: 26 }, (_, i) => String.fromCodePoint(65 + i));
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const codes = letters.flatMap((a) => letters.map((b) => a + b));
  return new Set(codes.flatMap((code) => names.of(code)?.toLowerCase() ?? []));
}
