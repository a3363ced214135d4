/** Where the photos of a training come from: a curated dataset, a generated world, or a source of your own. */
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import type { TrainingExample } from './training-example.ts';

export type PhotosOptions = {
  readonly split: 'train' | 'test';
  /** At most this many, chosen by the seed. */
  readonly limit?: number;
  readonly seed: number;
  readonly signal: AbortSignal;
};

/** What each pixel of a photo shows. */
export type ElementMap = {
  /** Width and height in pixels. */
  readonly pixels: number;
  /** Per pixel, row by row, an index into `labels`; an index beyond them shows no element. */
  readonly map: Uint8Array;
  /** May name an element more than once. */
  readonly labels: readonly string[];
};

export interface PhotoSource {
  /** What messages call it: its path, usually. */
  readonly name: string;
  /** True when every photo carries a reasoning; otherwise supervised fine-tuning learns from annotators' captions. */
  readonly hasReasonings: boolean;
  /** Photos of a split, in an order that depends on the seed alone. */
  photos(options: PhotosOptions): Promise<TrainingExample[]>;
  /** What a photo shows where; a vision tower needs it. */
  elementMap?(id: string): Promise<ElementMap>;
}

/** Photos to train on, and others to measure by; without `evaluation` nothing is measured. */
export type PhotoSources = { readonly source: PhotoSource; readonly evaluation?: PhotoSource };

/** The photos of a split. Throws `invalid-input` when it is empty. */
export async function loadPhotos(source: PhotoSource, options: PhotosOptions): Promise<TrainingExample[]> {
  const photos = await source.photos(options);
  if (photos.length === 0) throw invalidInput(`${source.name} has no photo in its ${options.split} split.`);
  return photos;
}

export type SplitsOptions = PhotoSources & {
  readonly data: {
    readonly trainImages?: number | undefined;
    /** Chooses the `trainImages`; the seed of the run by default. */
    readonly imageSeed?: number | undefined;
    readonly evaluationImages?: number | undefined;
  };
  readonly seed: number;
  readonly signal: AbortSignal;
};

/** The photos to train on, and the held-out ones. */
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
