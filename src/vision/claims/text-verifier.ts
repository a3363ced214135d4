/**
 * Verifies claims about text in the image, with a text reader (OCR). If the claimed text is not found, the claim is
 * contradicted only if every box of text could be read. Otherwise an unreadable box may contain the text.
 */
import { distance } from 'fastest-levenshtein';
import type { ClaimVerdict } from '../../grounding/claim.ts';
import { words } from '../../grounding/noun-phrases.ts';
import type { ClaimVerifier } from '../claim-verifier.ts';
import type { TextBox, TextReader } from '../text-reader.ts';

export type TextVerifierOptions = {
  /** Minimum confidence of a box. A box with a lower confidence counts as unreadable. */
  readonly minConfidence?: number;
  /**
   * Share of the characters that may differ between the claim and the text that was read, because readers confuse
   * letters.
   */
  readonly maxErrorShare?: number;
};

/** Creates a verifier. It decides only claims with a text. */
export function textVerifier(
  reader: TextReader,
  { minConfidence = 0.5, maxErrorShare = 0.2 }: TextVerifierOptions = {},
): ClaimVerifier {
  const isReadable = ({ text, confidence = 1 }: TextBox): boolean => text.trim() !== '' && confidence >= minConfidence;
  return {
    name: `text/${reader.name}`,
    verify: async (image, claims, { signal }) => {
      if (claims.every(({ text }) => text === undefined)) return claims.map(() => CANNOT_TELL);
      const boxes = await reader.read(image, { signal });
      const lines = boxes.filter(isReadable).map(({ text }) => text);
      const isComplete = lines.length === boxes.length;
      return claims.map(({ text }): ClaimVerdict => {
        if (text === undefined) return CANNOT_TELL;
        const line = holding(text, lines, maxErrorShare);
        if (line !== undefined) return { verdict: 'seen', by: line };
        return isComplete ? { verdict: 'contradicted', by: reader.name } : CANNOT_TELL;
      });
    },
  };
}

const CANNOT_TELL: ClaimVerdict = { verdict: 'cannot tell' };

/**
 * Returns the line that contains the text as whole words with few errors, or all lines joined if no single line
 * contains the text.
 */
function holding(text: string, lines: readonly string[], maxErrorShare: number): string | undefined {
  const wanted = words(text);
  if (wanted.length === 0) return undefined;
  const phrase = wanted.join(' ');
  // A sign with several lines is read as several boxes, so the text is also searched for in all lines together.
  return [...lines, lines.join(' ')].find((line) => {
    const read = words(line);
    return read.some((_, i) => {
      const window = read.slice(i, i + wanted.length).join(' ');
      return distance(window, phrase) <= Math.floor(phrase.length * maxErrorShare);
    });
  });
}
