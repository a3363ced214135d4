/**
 * Verifies claims that read a text in the image, with a reader of text. A text that no box holds is contradicted only if
 * every box could be read: otherwise it may be in the box that could not.
 */
import { distance } from 'fastest-levenshtein';
import type { ClaimVerdict } from '../../grounding/claim.ts';
import { words } from '../../grounding/noun-phrases.ts';
import type { ClaimVerifier } from '../claim-verifier.ts';
import type { TextBox, TextReader } from '../text-reader.ts';

export type TextVerifierOptions = {
  /** A box below this confidence counts as one that could not be read. */
  readonly minConfidence?: number;
  /** Share of the characters that may differ between the claim and the reading, because readers confuse letters. */
  readonly maxErrorShare?: number;
};

/** Creates a verifier that leaves every claim without a text undecided. */
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

/** Returns the line, or the run of all lines, that holds the text as whole words with few errors. */
function holding(text: string, lines: readonly string[], maxErrorShare: number): string | undefined {
  const wanted = words(text);
  if (wanted.length === 0) return undefined;
  const phrase = wanted.join(' ');
  // A sign over several lines is read as several boxes, so all lines together count as well.
  return [...lines, lines.join(' ')].find((line) => {
    const read = words(line);
    return read.some((_, i) => {
      const window = read.slice(i, i + wanted.length).join(' ');
      return distance(window, phrase) <= Math.floor(phrase.length * maxErrorShare);
    });
  });
}
