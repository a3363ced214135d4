/** Longer runs of combining marks than any script writes; to put them in order takes the square of their length. */
const MANY_MARKS = /(\p{M}{16})\p{M}+/gu;

/** Compatibility decomposition (NFKD), with no more marks to a letter than are ever written. Linear time. */
export const decomposed = (text: string): string => text.replaceAll(MANY_MARKS, '$1').normalize('NFKD');
