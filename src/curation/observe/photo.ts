/** A photo as it enters the curation: where its file lies, where it was taken, and whose it is. Never its pixels. */
import type { Coordinate } from '../../core/coordinate.ts';
import type { Place } from '../../core/place.ts';

/** The S3 level of Places365, by the number that MP-16's metadata gives it. */
export const SCENES = ['indoor', 'natural', 'urban'] as const;
export type Scene = (typeof SCENES)[number];

export type Photo = {
  /** Unique in its table; the IMG_ID of MP-16. */
  readonly id: string;
  readonly path: string;
  readonly coordinate: Coordinate;
  /** Country and city where the table names them; otherwise the gazetteer's, by the coordinate. */
  readonly place?: Place;
  readonly owner?: string;
  readonly licence?: string;
  readonly scene?: Scene;
};
