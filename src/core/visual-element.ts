/** A visible thing in an image, with the share of the image that it covers. */
export type VisualElement = {
  /** Lower-case English noun or noun phrase: an ADE20K class, an element of the generated world, or recognized text. */
  readonly label: string;
  /** Share of the image's area in [0, 1]; 0 if the source does not measure it. */
  readonly share: number;
};
