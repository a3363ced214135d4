/** A photo as it enters curation: the path of its file, where it was taken, and its owner; without pixels. */
import type { Coordinate } from '../../core/coordinate.ts';
import type { Place } from '../../core/place.ts';

/** The scenes of Places365's S3 level, in the order of their numbers in MP-16's metadata. */
export const SCENES = ['indoor', 'natural', 'urban'] as const;
export type Scene = (typeof SCENES)[number];

export type Photo = {
  /** Unique in its table; the IMG_ID of MP-16. */
  readonly id: string;
  readonly path: string;
  readonly coordinate: Coordinate;
  /** Country and city, if the table has them; otherwise the gazetteer finds them by the coordinate. */
  readonly place?: Place;
  readonly owner?: string;
  readonly licence?: string;
  readonly scene?: Scene;
};
