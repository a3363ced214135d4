/** One training photo, with the facts that the rewards and the supervised loss need. */
import type { Coordinate } from '../core/coordinate.ts';
import type { Place } from '../core/place.ts';
import type { VisualElement } from '../core/visual-element.ts';
import type { PreparedImage } from '../image/prepared-image.ts';

export type TrainingExample = {
  readonly id: string;
  readonly image: PreparedImage;
  /** Country and city. */
  readonly truth: Place;
  readonly truthCoordinate?: Coordinate;
  /** A reasoning that leads to the truth; needed for supervised fine-tuning. */
  readonly reasoning?: string;
  /** What the image shows; needed for the visual grounding reward. */
  readonly elements?: readonly VisualElement[];
  readonly texts?: readonly string[];
  readonly entityTags?: readonly string[];
  readonly owner?: string;
  readonly scene?: 'indoor' | 'natural' | 'urban';
};
