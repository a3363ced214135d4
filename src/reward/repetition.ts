/** Measures how much a text repeats itself. The visual grounding reward falls with this measure. */

const WORD = /[\p{L}\p{N}]+/gu;

/** Length in words of the runs that are compared. */
const RUN_WORDS = 4;

/** Share of the runs of four words that occur earlier in the text; 0 for texts of fewer than five words. */
export function repeatedShare(text: string): number {
  const words = text.toLowerCase().match(WORD) ?? [];
  const runs = words.length - RUN_WORDS + 1;
  if (runs < 2) return 0;
  const seen = new Set<string>();
  for (let i = 0; i < runs; i++) seen.add(words.slice(i, i + RUN_WORDS).join(' '));
  return 1 - seen.size / runs;
}
