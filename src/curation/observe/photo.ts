/** A photo at the start of curation, without its pixels: the path of the file, where it was taken, and its owner. */
import type { Coordinate } from '../../core/coordinate.ts';
import type { Place } from '../../core/place.ts';

/** The scenes at the S3 level of Places365, in the order of their numbers in MP-16's metadata. */
export const SCENES = ['indoor', 'natural', 'urban'] as const;
export type Scene = (typeof SCENES)[number];

export type Photo = {
  /** The photo's id, which is unique in its table, such as the IMG_ID of MP-16. */
  readonly id: string;
  readonly path: string;
  readonly coordinate: Coordinate;
  /** Country and city from the table. If absent, the gazetteer finds them from the coordinate. */
  readonly place?: Place;
  readonly owner?: string;
  readonly licence?: string;
  readonly scene?: Scene;
};
