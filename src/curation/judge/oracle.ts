/**
 * Known truth about a photo beyond its place, for example in a generated world. Only reports use it; gates never see
 * it.
 */
export type Oracle = {
  /** Whether the photo shows enough to identify its country; undefined if the oracle does not know the photo. */
  localizable(id: string): boolean | undefined;
  /** Things that the reasoning names but the photo does not show. */
  hallucinated(id: string, reasoning: string): readonly string[];
  /** Photos with the same motif are near-duplicates. */
  motif(id: string): string;
};
