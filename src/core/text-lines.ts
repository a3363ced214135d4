/**
 * Splits outside text into lines, because regular expressions with the `m` flag are slow on texts made of line breaks.
 */

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/u;

/** The lines of a text, split at every kind of line break. */
export const linesOf = (text: string): string[] => text.split(LINE_BREAK);
