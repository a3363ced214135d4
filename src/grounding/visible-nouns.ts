/**
 * Decides which nouns name visible things, finds their singular, and finds synonyms and kinds of things. It decides by
 * the first of these sources that contains the noun: our two lists (`lexicon/word-lists.ts`); WordNet (visible if the
 * most common sense is a physical entity); the ending of the word.
 */
import wordnet from './lexicon/wordnet-nouns.json' with { type: 'json' };
import { KINDS, PARTS, SAME } from './lexicon/synonyms.ts';
import { ABSTRACT_ENDING, IRREGULAR_PLURALS, NOT_VISIBLE, VISIBLE } from './lexicon/word-lists.ts';

const wordnetVisible = new Set(wordnet.visible.split(' '));
const wordnetAbstract = new Set(wordnet.abstract.split(' '));

/** Country names of one word in lower case. They show that "Turkey" at the start of a sentence is not a bird. */
export const COUNTRY_NAMES: ReadonlySet<string> = countryNames();

/** True if the noun (lower case, singular) names something that an image can show. */
export const isVisible: (noun: string) => boolean = remember((noun) => {
  if (VISIBLE.has(noun)) return true;
  if (NOT_VISIBLE.has(noun) || COUNTRY_NAMES.has(noun)) return false;
  if (wordnetVisible.has(noun)) return true;
  if (wordnetAbstract.has(noun)) return false;
  // A compound is a kind of its last part: "fruit-tree" is a tree. WordNet has the exceptions, such as "high-rise".
  const last = noun.slice(noun.lastIndexOf('-') + 1);
  if (last !== noun && last !== '') return isVisible(last);
  return /^\p{L}{3,}$/u.test(noun) && !ABSTRACT_ENDING.test(noun);
});

/** True if a list or WordNet contains the word. */
export const isKnown = (noun: string): boolean =>
  VISIBLE.has(noun) || NOT_VISIBLE.has(noun) || wordnetVisible.has(noun) || wordnetAbstract.has(noun);

/**
 * Returns the singular of a lower-case noun: the first known word that a spelling rule produces, otherwise the result
 * of the simplest rule.
 */
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

/** Returns words for the same thing, including the word itself. */
export const sameAs = (word: string): readonly string[] => sameGroups.get(word) ?? [word];

/** True if our list of kinds contains the word. */
export const isKindName = (name: string): boolean => kindOf.has(name);

/** Returns the word and all more general words, from WordNet and from our list of kinds. Does not follow synonyms. */
const ownGenerals = remember((word) => {
  const found = new Set([word, ...(wordnetKindOf.get(word) ?? [])]);
  for (const each of found) for (const general of kindOf.get(each) ?? []) found.add(general);
  return found;
});

/**
 * True if one thing is the same as the other or a kind of it. Follows only one step of synonyms, on one side. Words
 * with two meanings ("blind", "screen", "monitor") would otherwise join unrelated things.
 */
export function isKindOf(special: string, general: string): boolean {
  return (
    sameAs(general).some((word) => ownGenerals(special).has(word)) ||
    sameAs(special).some((word) => ourGenerals(word).has(general))
  );
}

/**
 * Returns the word and all more general words, from our list of kinds only. A synonym may mean something else in
 * WordNet: "coach" is a bus here and a person there.
 */
const ourGenerals = remember((word) => {
  const found = new Set([word]);
  for (const each of found) for (const general of kindOf.get(each) ?? []) found.add(general);
  return found;
});

/** Returns the wholes that contain a thing or its synonym, with the synonyms of each whole. */
export const wholesOf: (word: string) => ReadonlySet<string> = remember(
  (word) => new Set(sameAs(word).flatMap((each) => (wholeOf.get(each) ?? []).flatMap((whole) => [...sameAs(whole)]))),
);

/**
 * Caches answers for up to `MAX_WORDS` short words. A large variety of words therefore cannot grow the cache without
 * limit.
 */
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
