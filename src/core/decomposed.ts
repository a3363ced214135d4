/** A run of more than 16 combining marks. No real script has one, and normalizing it would take quadratic time. */
const MANY_MARKS = /(\p{M}{16})\p{M}+/gu;

/** Compatibility decomposition (NFKD), with the number of marks per letter limited. Linear time. */
export const decomposed = (text: string): string => text.replaceAll(MANY_MARKS, '$1').normalize('NFKD');
