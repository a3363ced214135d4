/**
 * Detects a hedge: a text that names two cities where one is expected ("Paris or Lyon", "New York, Los Angeles,
 * Chicago"). A hedge is rejected, because accepting either city would reward two guesses. The following are not hedges:
 * two names of one city ("Kiev / Kyiv"), neighbouring cities (Minneapolis / St. Paul), and a place with the city around
 * it ("Soweto, Johannesburg").
 */
import { type Candidate, candidatesNamed, liesIn, rowsApartKm, type Scope } from './candidates.ts';
import type { CityPart, CityText } from './city-text.ts';
import { SECOND_GUESS } from './country.ts';
import { regionNamed } from './read-city.ts';
import { isRegion, regionOf, type Store } from './store.ts';

/** A text without any of these separators names one place. */
const SEPARATORS = /[,;/|()[\]]|\s(?:or|aka)\s/i;
/** Two cities within this distance count as one answer, because they form one conurbation. */
const ONE_ANSWER_KM = 60;
/**
 * In a list with commas, the first name is often a landmark or district that shares its name with a village. Therefore
 * two cities in such a list count as two answers only if both have at least this population.
 */
const LARGE_CITY_POPULATION = 100_000;

export function isHedge(store: Store, text: CityText, scope: Scope): boolean {
  if (!SEPARATORS.test(text.written) || [text.folded, ...text.forms].some((form) => isNamed(store, form, scope))) {
    return false;
  }
  const guesses = text.parts.map((part) => guessesOf(store, part, scope));
  for (const [i, { alternatives, isSecondGuess }] of guesses.entries()) {
    const before = guesses.slice(0, i).flatMap((guess) => guess.alternatives);
    if (anyApart(store, alternatives)) return true;
    if (isSecondGuess && before.some((first) => alternatives.some((second) => areApart(store, [first, second])))) {
      return true;
    }
    const last = alternatives[0];
    const after = text.parts.slice(i + 1).flatMap(({ written }) => regionNamed(store, written, scope) ?? []);
    if (last === undefined || saysWhere(store, last, after)) continue;
    if (before.some((first) => areTwoLargeCities(store, [first, last]))) return true;
  }
  return false;
}

const isNamed = (store: Store, form: string, scope: Scope): boolean =>
  candidatesNamed(store, form, scope, form).length > 0;

type Guesses = { readonly alternatives: readonly (readonly Candidate[])[]; readonly isSecondGuess: boolean };

/** Returns the possible places of each alternative in a part. Unknown alternatives are omitted. */
function guessesOf(store: Store, { written, alternatives }: CityPart, scope: Scope): Guesses {
  const known = alternatives.flatMap(({ written, forms }) => {
    const plain = forms.map((form) => form.replace(SECOND_GUESS, ''));
    const candidates = plain
      .map((form) => candidatesNamed(store, form, scope, written))
      .find((list) => list.length > 0);
    return candidates === undefined ? [] : [candidates];
  });
  return { alternatives: known, isSecondGuess: SECOND_GUESS.test(written) };
}

type Pair = readonly [readonly Candidate[], readonly Candidate[]];

const anyApart = (store: Store, lists: readonly (readonly Candidate[])[]): boolean =>
  lists.some((second, i) => lists.slice(0, i).some((first) => areApart(store, [first, second])));

/**
 * True if no place of either name is near the likeliest place of the other name, and neither place contains the other.
 */
function areApart(store: Store, [first, second]: Pair): boolean {
  // Two regions may share one place: "Dale Hollow Lake, Tennessee/Kentucky".
  if (isRegion(store, first[0]!.row) && isRegion(store, second[0]!.row)) return false;
  const near = ({ row: a }: Candidate, { row: b }: Candidate): boolean =>
    liesIn(store, a, b) || liesIn(store, b, a) || rowsApartKm(store, a, b) <= ONE_ANSWER_KM;
  return !second.some((other) => near(first[0]!, other)) && !first.some((other) => near(second[0]!, other));
}

/**
 * True if the name only states where the place named before it is. This is the case if it is a first-level region, or
 * if its place is in a region that follows in the text.
 */
function saysWhere(store: Store, list: readonly Candidate[], after: readonly number[]): boolean {
  const isFirstLevel = ({ row }: Candidate): boolean => isRegion(store, row) && regionOf(store, row, 1) === row;
  return list.some(isFirstLevel) || after.some((region) => liesIn(store, list[0]!.row, region));
}

function areTwoLargeCities(store: Store, pair: Pair): boolean {
  const isLarge = (list: readonly Candidate[]): boolean => {
    const { row, matchedBy } = list[0]!;
    return matchedBy !== 'alias' && !isRegion(store, row) && store.sections.population[row]! >= LARGE_CITY_POPULATION;
  };
  return pair.every((list) => isLarge(list)) && areApart(store, pair);
}
