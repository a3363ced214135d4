/**
 * What is true of a photo beyond its place, where somebody knows: a generated world does. Only reports look at it; no
 * gate ever sees it.
 */
export type Oracle = {
  /** Whether its content is enough to tell the country; undefined for a photo that the oracle does not know. */
  localizable(id: string): boolean | undefined;
  /** Things that the text says are in the photo and that are not. */
  hallucinated(id: string, reasoning: string): readonly string[];
  /** Photos with the same motif are near-duplicates. */
  motif(id: string): string;
};
