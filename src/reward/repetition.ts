/** How much a text repeats itself: the guard against reasoning that is written for length. */

const WORD = /[\p{L}\p{N}]+/gu;

/** Share of the text's runs of four words that have come before; 0 for texts of fewer than five words. Linear time. */
export function repeatedShare(text: string): number {
  const words = numbered(text.toLowerCase().match(WORD) ?? []);
  // Four words are two pairs of words; as numbers, since a text has more runs of words than words.
  const pairs = numbered(joined(words, 1));
  const runs = joined(pairs, 2);
  return runs.length < 2 ? 0 : 1 - new Set(runs).size / runs.length;
}

/** Equal items get equal numbers, below the number of items. */
function numbered(items: readonly (string | number)[]): number[] {
  const numbers = new Map<string | number, number>();
  return items.map((item) => {
    const known = numbers.get(item) ?? numbers.size;
    if (known === numbers.size) numbers.set(item, known);
    return known;
  });
}

/** Each number and the one so many places later, as one number: exact for texts of up to 94 million words. */
const joined = (numbers: readonly number[], later: number): number[] =>
  numbers.slice(later).map((second, i) => numbers[i]! * numbers.length + second);
