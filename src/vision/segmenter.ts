/**
 * The interface of semantic segmentation, which finds the elements of an image and the share of the image that each
 * covers.
 */
import type { VisualElement } from '../core/visual-element.ts';
import type { PreparedImage } from '../image/prepared-image.ts';

export interface Segmenter {
  /** The model's name, recorded as provenance. */
  readonly name: string;
  /**
   * Every label that the model can give, if known. The absence of a thing outside this list is never a contradiction.
   */
  readonly labels?: readonly string[];
  /** Returns elements with unique labels, largest share first. Throws a GlobeError if the model cannot run. */
  segment(image: PreparedImage, options: { readonly signal: AbortSignal }): Promise<VisualElement[]>;
}
