/** Longer than any run of combining marks in a real script; ordering the marks takes quadratic time. */
const MANY_MARKS = /(\p{M}{16})\p{M}+/gu;

/** Compatibility decomposition (NFKD), with the number of marks per letter limited. Linear time. */
export const decomposed = (text: string): string => text.replaceAll(MANY_MARKS, '$1').normalize('NFKD');
