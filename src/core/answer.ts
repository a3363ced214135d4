/** A model's answer to the question where a photo was taken, parsed from any form of text. */
import type { Coordinate } from './coordinate.ts';
import type { Place } from './place.ts';

/** Another place or position that the model named, with the model's probability for it in [0, 1], if any. */
export type Alternative = {
  readonly place?: Place;
  readonly coordinate?: Coordinate;
  readonly probability?: number;
};

export type Answer =
  | {
      readonly kind: 'place';
      readonly place: Place;
      readonly reasoning: string;
      /** Present if the model also wrote a position. */
      readonly coordinate?: Coordinate;
      /** The model's confidence in [0, 1], if it stated one. */
      readonly confidence?: number;
      /** Other places and positions that the model named, best first; absent if there are none. */
      readonly alternatives?: readonly Alternative[];
    }
  /** The model wrote a position but no place name. */
  | {
      readonly kind: 'coordinate';
      readonly coordinate: Coordinate;
      readonly reasoning: string;
      readonly confidence?: number;
      readonly alternatives?: readonly Alternative[];
    }
  /** The model declined, or wrote that it does not know the place. */
  | { readonly kind: 'refusal'; readonly reasoning: string }
  | { readonly kind: 'unparseable'; readonly text: string; readonly reason: string };
