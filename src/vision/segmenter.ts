/** The interface of semantic segmentation: which elements an image shows, and how much of it each one fills. */
import type { VisualElement } from '../core/visual-element.ts';
import type { PreparedImage } from '../image/prepared-image.ts';

export interface Segmenter {
  /** The model's name, for the record's provenance. */
  readonly name: string;
  /** Largest share first; labels are unique. Throws a GlobeError if the model cannot run. */
  segment(image: PreparedImage, options: { readonly signal: AbortSignal }): Promise<VisualElement[]>;
}
