/** A photo at the start of curation, without pixels: the path of its file, where it was taken, and its owner. */
import type { Coordinate } from '../../core/coordinate.ts';
import type { Place } from '../../core/place.ts';

/** The scenes at the S3 level of Places365, in the order of their numbers in MP-16's metadata. */
export const SCENES = ['indoor', 'natural', 'urban'] as const;
export type Scene = (typeof SCENES)[number];

export type Photo = {
  /** Unique in its table, such as the IMG_ID of MP-16. */
  readonly id: string;
  readonly path: string;
  readonly coordinate: Coordinate;
  /** Country and city, if the table has them. Otherwise the gazetteer finds them by the coordinate. */
  readonly place?: Place;
  readonly owner?: string;
  readonly licence?: string;
  readonly scene?: Scene;
};
