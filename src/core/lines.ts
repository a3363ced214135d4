/**
 * Splits text into lines. Patterns can then match single lines without the `m` flag. With that flag, `^` also matches
 * after U+2028 and similar characters, and a scan over white space takes quadratic time.
 */

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/u;

/**
 * Returns the lines of a text without their line breaks. A line break is LF, CR LF, CR, U+2028 or U+2029, as in
 * JavaScript.
 */
export const linesOf = (text: string): string[] => text.split(LINE_BREAK);
