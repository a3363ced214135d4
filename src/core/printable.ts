/** Makes untrusted text safe to print. A terminal would execute escape sequences in the names of files and models. */

/** Matches C0 and C1 control characters except tab and line feed, and marks that change the text direction. */
const UNSAFE = /(?![\t\n])[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Replaces control characters by visible escapes such as `\x1b`. */
export const printable = (text: string): string =>
  text.replaceAll(UNSAFE, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
