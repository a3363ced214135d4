/** Makes outside text safe to print: a terminal would obey escape sequences in the names of files and models. */

/** C0 and C1 controls except tab and line feed, and the marks that reverse the direction of text. */
const UNSAFE = /(?![\t\n])[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** The text with control characters written out, such as `\x1b`. */
export const printable = (text: string): string =>
  text.replaceAll(UNSAFE, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
