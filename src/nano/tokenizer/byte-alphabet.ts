/**
 * The characters that represent bytes in byte-level vocabularies. GPT-2 defined this mapping, and tokenizer.json files
 * use it. Printable Latin-1 characters represent their own bytes. The other 68 bytes map to U+0100 and above.
 */

const printable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);

/** The character for each byte value. */
export const byteCharacters: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
})();
