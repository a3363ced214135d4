/** A training photo, with the facts that rewards and the supervised loss need. */
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import type { VisualElement } from '../core/visual-element.ts';
import type { PreparedImage } from '../image/prepared-image.ts';

export type TrainingExample = {
  readonly id: string;
  readonly image: PreparedImage;
  /** True country and city. */
  readonly truth: Place;
  readonly truthCoordinate?: Coordinate;
  /** A reasoning text that leads to the true place. Supervised fine-tuning requires it. */
  readonly reasoning?: string;
  /** The place named by the annotator who wrote the reasoning text; absent if the annotator named no country. */
  readonly annotatedPlace?: { readonly country: string; readonly city?: string };
  /** Visual elements in the image. The visual grounding reward requires them. */
  readonly elements?: readonly VisualElement[];
  readonly texts?: readonly string[];
  readonly entityTags?: readonly string[];
  readonly owner?: string;
  readonly scene?: 'indoor' | 'natural' | 'urban';
};
