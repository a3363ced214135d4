/** The interface to training photos. Curated datasets and generated worlds implement it. */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { TrainingExample } from './training-example.ts';

export type PhotosOptions = {
  readonly split: 'train' | 'test';
  /** Maximum number of photos. If the split has more, the seed determines which are used. */
  readonly limit?: number;
  readonly seed: number;
  readonly signal: AbortSignal;
};

/** The visual element at each pixel of a square photo. */
export type ElementMap = {
  /** Width and height in pixels. */
  readonly pixels: number;
  /**
   * For each pixel, row by row, an index into `labels`. An index out of range means that no element covers the pixel.
   */
  readonly map: Uint8Array;
  /** Names of elements. A name may appear more than once. */
  readonly labels: readonly string[];
};

export interface PhotoSource {
  /** Name of the source in messages, usually its path. */
  readonly name: string;
  /** True if every photo has a reasoning text. If false, supervised fine-tuning learns from annotators' captions. */
  readonly hasReasonings: boolean;
  /** Returns the photos of a split, in an order that depends only on the seed. */
  photos(options: PhotosOptions): Promise<TrainingExample[]>;
  /** Returns the element at each pixel of a photo. Only training a vision tower requires this method. */
  elementMap?(id: string): Promise<ElementMap>;
}

/** Sources of training and evaluation photos. Without `evaluation`, no evaluation runs. */
export type PhotoSources = { readonly source: PhotoSource; readonly evaluation?: PhotoSource };

/** Loads the photos of a split. Throws `invalid-input` if the split is empty. */
export async function loadPhotos(source: PhotoSource, options: PhotosOptions): Promise<TrainingExample[]> {
  const photos = await source.photos(options);
  if (photos.length === 0) throw invalidInput(`${source.name} has no photos in its ${options.split} split.`);
  return photos;
}

export type SplitsOptions = PhotoSources & {
  readonly data: {
    readonly trainImages?: number | undefined;
    /** Seed that selects `trainImages` photos. The default is the seed of the run. */
    readonly imageSeed?: number | undefined;
    readonly evaluationImages?: number | undefined;
  };
  readonly seed: number;
  readonly signal: AbortSignal;
};

/** Loads the training photos and the held-out photos. */
export async function loadSplits({
  source,
  evaluation,
  data: { trainImages, imageSeed, evaluationImages },
  seed,
  signal,
}: SplitsOptions): Promise<{ photos: TrainingExample[]; heldOut: TrainingExample[] }> {
  const train = { split: 'train', seed: imageSeed ?? seed, signal, ...defined({ limit: trainImages }) } as const;
  const test = { split: 'test', seed, signal, ...defined({ limit: evaluationImages }) } as const;
  const photos = await loadPhotos(source, train);
  return { photos, heldOut: evaluation === undefined ? [] : await loadPhotos(evaluation, test) };
}
