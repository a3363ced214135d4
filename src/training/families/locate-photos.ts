/** Locates photos with a trained classifier or retriever, and compares the positions with the truth. */
import { defined } from '../../core/defined.ts';
import type { MeasuredOutcome } from '../../evaluation/outcome.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { locateImages } from '../../locator/position-locator.ts';
import { loadPositionModel } from '../../nano/heads/position-checkpoint.ts';
import type { PositionModel, RankedPosition } from '../../nano/heads/position-model.ts';
import { measureOutcome } from '../evaluate-policy.ts';
import type { TrainingExample } from '../training-example.ts';

export type LocatePhotosOptions = {
  /** Folder of the trained model: `model` in the run folder. */
  readonly folder: string;
  readonly threads?: number;
  readonly signal: AbortSignal;
};

/** Returns the most probable position of each photo, in the order of the images. */
export async function locatePhotos(
  images: readonly PreparedImage[],
  { folder, threads, signal }: LocatePhotosOptions,
): Promise<RankedPosition[]> {
  await using model = await loadPositionModel(folder, defined({ threads }));
  return await locateImages(images, { model, signal });
}

export type ObservePhotosOptions = {
  readonly model: Pick<PositionModel, 'rank'>;
  readonly gazetteer: Pick<Gazetteer, 'reverse' | 'match'>;
  readonly signal: AbortSignal;
};

/** Locates the examples and compares each position with the truth. Every example needs a `truthCoordinate`. */
export async function observePhotos(
  examples: readonly TrainingExample[],
  { model, gazetteer, signal }: ObservePhotosOptions,
): Promise<MeasuredOutcome[]> {
  const images = examples.map(({ image }) => image);
  const found = await locateImages(images, { model, signal });
  return examples.map((example, i) => {
    const { coordinate, confidence } = found[i]!;
    const place = gazetteer.reverse(coordinate);
    const outcome = { kind: 'located', coordinate, granularity: 'coordinate' } as const;
    return {
      ...measureOutcome(example, place === undefined ? { outcome } : { outcome, place }, gazetteer),
      confidence,
    };
  });
}
