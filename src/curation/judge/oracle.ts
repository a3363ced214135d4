/**
 * Known truth about a photo in addition to its place, for example in a generated world. Only reports use it; gates
 * never see it.
 */
export type Oracle = {
  /**
   * Returns whether the photo shows enough to identify its country. Returns undefined for a photo that the oracle does
   * not know.
   */
  localizable(id: string): boolean | undefined;
  /** Returns the things that the reasoning text names but the photo does not show. */
  hallucinated(id: string, reasoning: string): readonly string[];
  /** Returns the photo's motif. Photos with the same motif are near-duplicates. */
  motif(id: string): string;
};
