/**
 * Splits outside text into lines. Patterns matched on single lines need no `m` flag. With that flag, `^` also matches
 * after U+2028 and similar characters, and a scan over white space takes quadratic time.
 */

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/u;

/** The lines of a text, without their breaks: LF, CR LF, CR, U+2028 or U+2029, as JavaScript counts them. */
export const linesOf = (text: string): string[] => text.split(LINE_BREAK);
