/**
 * Matches more than 16 combining marks in a row. No real script needs so many, and normalizing them takes quadratic
 * time.
 */
const MANY_MARKS = /(\p{M}{16})\p{M}+/gu;

/** Returns the compatibility decomposition (NFKD) with a limited number of marks per letter, in linear time. */
export const decomposed = (text: string): string => text.replaceAll(MANY_MARKS, '$1').normalize('NFKD');
