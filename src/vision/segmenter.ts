/** The interface of semantic segmentation: tells which elements an image shows, and the share that each one fills. */
import type { VisualElement } from '../core/visual-element.ts';
import type { PreparedImage } from '../image/prepared-image.ts';

export interface Segmenter {
  /** The model's name, which records keep as provenance. */
  readonly name: string;
  /** Returns elements with unique labels, largest share first. Throws a GlobeError if the model cannot run. */
  segment(image: PreparedImage, options: { readonly signal: AbortSignal }): Promise<VisualElement[]>;
}
