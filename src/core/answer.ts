/** What a model said about where a photo was taken, whatever form it said it in. */
import type { Coordinate } from './coordinate.ts';
import type { Place } from './place.ts';

export type Answer =
  | {
      readonly kind: 'place';
      readonly place: Place;
      readonly reasoning: string;
      /** Where the model also wrote a position. */
      readonly coordinate?: Coordinate;
      /** The model's own stated confidence in [0, 1], where it wrote one. */
      readonly confidence?: number;
    }
  /** The model wrote a position and no place name. */
  | {
      readonly kind: 'coordinate';
      readonly coordinate: Coordinate;
      readonly reasoning: string;
      readonly confidence?: number;
    }
  /** The model declined, or said that it does not know. */
  | { readonly kind: 'refusal'; readonly reasoning: string }
  | { readonly kind: 'unparseable'; readonly text: string; readonly reason: string };
