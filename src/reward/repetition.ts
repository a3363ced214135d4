/** Measures how much a text repeats itself. The visual grounding reward decreases as this measure increases. */

const WORD = /[\p{L}\p{N}]+/gu;

/** Length in words of each run that is compared. */
const RUN_WORDS = 4;

/**
 * Returns the share of four-word runs that already occurred earlier in the text; 0 for texts of fewer than five words.
 */
export function repeatedShare(text: string): number {
  const words = text.toLowerCase().match(WORD) ?? [];
  const runs = words.length - RUN_WORDS + 1;
  if (runs < 2) return 0;
  const seen = new Set<string>();
  for (let i = 0; i < runs; i++) seen.add(words.slice(i, i + RUN_WORDS).join(' '));
  return 1 - seen.size / runs;
}
