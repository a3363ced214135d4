/**
 * Finds a country by the words of its name in any order and with abbreviations: "Korea, Dem. People's Rep.", "Bosnia
 * and Herz.", "Congo (the Democratic Republic of the)". Also finds a country whose name contains a typing error
 * ("Frnace").
 */
import { distance } from 'fastest-levenshtein';
import { constituentCountries } from './facts.ts';
import { fold } from './fold.ts';
import type { Store } from './store.ts';

/** Words that the comparison of names ignores, because writers often omit them. */
const CONNECTORS = new Set('the of and a de du da do des la le el i y et und part'.split(' '));
/**
 * Abbreviations that lists write without a full stop, or that are not a prefix of the full word ("isls" for "islands").
 */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'n s e w rep repub dem is isl eq herz fed ter terr cent'.split(' ').map((word) => [word, word]),
  ),
  isls: 'islands',
  sts: 'states',
  no: 'n',
  so: 's',
};
const MIN_TELLING_CHARACTERS = 3;
const MAX_WORDS = 10;

/** A word of a query. An abbreviated word matches any word that starts with it. */
type Word = { readonly start: string; readonly isAbbreviated: boolean };

/** A folded name and its words without connectors. */
type Name = { readonly name: string; readonly owner: string; readonly words: readonly string[] };

type Names = { readonly all: readonly Name[]; readonly byCount: ReadonlyMap<number, readonly Name[]> };

const namesOfStores = new WeakMap<object, Names>();

/** Returns the English names of countries and of constituent countries (Scotland). */
function namesOf({ countries }: Store): Names {
  const known = namesOfStores.get(countries);
  if (known !== undefined) return known;
  const named = (name: string, owner: string): Name => ({ name, owner, words: name.split(' ').filter(isTelling) });
  const all = [
    ...countries.flatMap(({ code, english }) => english.map((name) => named(name, code))),
    ...constituentCountries.flatMap(({ names }) => names.map((name) => named(fold(name), names[0]!))),
  ];
  const names = { all, byCount: Map.groupBy(all, ({ words }) => words.length) };
  namesOfStores.set(countries, names);
  return names;
}

const isTelling = (word: string): boolean => word !== '' && !CONNECTORS.has(word);

/**
 * Returns the folded name that consists of exactly these words, if only one country has such a name. Undefined for a
 * single word.
 */
export function nameOfWords(store: Store, text: string): string | undefined {
  const words = wordsOf(text);
  if (words.length < 2 || words.length > MAX_WORDS) return undefined;
  if (words.every(({ start }) => start.length < MIN_TELLING_CHARACTERS)) return undefined;
  const candidates = namesOf(store).byCount.get(words.length) ?? [];
  return onlyOne(candidates.filter((name) => hasWords(name.words, words)));
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/([\p{L}\p{M}'’]+)(\.?)/gu)].flatMap(([, letters, stop]) => {
    const start = fold(letters!);
    const short = Object.hasOwn(ABBREVIATIONS, start) ? ABBREVIATIONS[start] : undefined;
    if (!isTelling(start) && stop === '') return [];
    return [{ start: short ?? start, isAbbreviated: short !== undefined || stop !== '' }];
  });
}

/** True if each word matches a different word of the name and no word of the name is left over. */
function hasWords(name: readonly string[], words: readonly Word[]): boolean {
  const left = [...name];
  const take = (fits: (word: string) => boolean): boolean => {
    const found = left.findIndex(fits);
    if (found !== -1) left.splice(found, 1);
    return found !== -1;
  };
  const longestFirst = words.toSorted((a, b) => b.start.length - a.start.length);
  return [false, true].every((isAbbreviated) =>
    longestFirst
      .filter((word) => word.isAbbreviated === isAbbreviated)
      .every(({ start }) => take((word) => (isAbbreviated ? word.startsWith(start) : word === start))),
  );
}

const onlyOne = (names: readonly Name[]): string | undefined =>
  new Set(names.map(({ owner }) => owner)).size === 1 ? names[0]!.name : undefined;

/**
 * Finds the folded country name that the folded text misspells. Undefined if no name is close to the text, or if the
 * closest names belong to several countries.
 */
export function nameMistyped(store: Store, folded: string): string | undefined {
  let least = Infinity;
  let nearest: Name[] = [];
  for (const name of namesOf(store).all) {
    // Skip names with abbreviations, because different abbreviations may differ in a single letter: "Dem. Rep." is not
    // a typing error for "Dom. Rep."
    if (name.words.some((word) => Object.hasOwn(ABBREVIATIONS, word))) continue;
    const edits = editsBetween(name.name, folded);
    if (edits === undefined || edits > least) continue;
    nearest = edits < least ? [name] : [...nearest, name];
    least = edits;
  }
  return onlyOne(nearest);
}

/**
 * Minimum length of the shorter name for each kind of edit to count as a typing error. `second` applies to two edits.
 */
const MIN_CHARACTERS_BY_EDIT = { swapped: 5, missing: 5, added: 6, changed: 7, second: 10 } as const;

/**
 * Counts the edits between a name and a text that may be a typing error for it. Returns undefined if there are too
 * many. A swap of two letters is one edit. A changed letter in a short name does not count as a typing error, because
 * the result is often another word, such as Nubia or Narnia.
 */
export function editsBetween(name: string, text: string): number | undefined {
  const shorter = Math.min(name.length, text.length);
  if (shorter < MIN_CHARACTERS_BY_EDIT.swapped || name[0] !== text[0] || Math.abs(name.length - text.length) > 2)
    return undefined;
  if (isSwapped(name, text)) return 1;
  const edits = distance(name, text);
  const kind = text.length < name.length ? 'missing' : text.length > name.length ? 'added' : 'changed';
  if (edits === 1) return shorter >= MIN_CHARACTERS_BY_EDIT[kind] ? 1 : undefined;
  return edits === 2 && shorter >= MIN_CHARACTERS_BY_EDIT.second ? 2 : undefined;
}

/** True if the texts differ only by a swap of two adjacent letters. */
export function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let first = 0;
  while (first < a.length && a[first] === b[first]) first++;
  return a[first] === b[first + 1] && a[first + 1] === b[first] && a.slice(first + 2) === b.slice(first + 2) && a !== b;
}
