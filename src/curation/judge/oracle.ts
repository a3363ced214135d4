/**
 * The truth about a photo beyond its place, if it is known, as in a generated world. Only reports use it; gates never
 * see it.
 */
export type Oracle = {
  /** Whether the photo shows enough to recognise its country; undefined for a photo that the oracle does not know. */
  localizable(id: string): boolean | undefined;
  /** Things that the text names but the photo does not show. */
  hallucinated(id: string, reasoning: string): readonly string[];
  /** Photos with the same motif are near-duplicates. */
  motif(id: string): string;
};
