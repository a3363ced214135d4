/** Measures how much a text repeats itself: the guard against reasoning that only adds length. */

const WORD = /[\p{L}\p{N}]+/gu;

/** A run of this many words counts as repeated when it occurs again. */
const RUN_WORDS = 4;

/** Share of the text's runs of four words that occurred before; 0 for texts of fewer than five words. Linear time. */
export function repeatedShare(text: string): number {
  const words = text.toLowerCase().match(WORD) ?? [];
  const runs = words.length - RUN_WORDS + 1;
  if (runs < 2) return 0;
  const seen = new Set<string>();
  for (let i = 0; i < runs; i++) seen.add(words.slice(i, i + RUN_WORDS).join(' '));
  return 1 - seen.size / runs;
}
