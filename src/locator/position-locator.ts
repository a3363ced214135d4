/** Uses a trained geocell classifier or image retriever as a locator, for one photo or for many at once. */
import { defined } from '../core/defined.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { PreparedImage } from '../image/prepared-image.ts';
import { loadPositionModel, type PositionKind } from '../nano/heads/position-checkpoint.ts';
import type { PositionModel, RankedPosition } from '../nano/heads/position-model.ts';
import type { Locator } from './locator.ts';
import { located } from './ranked-position.ts';

export type PositionLocatorOptions = {
  /** Checkpoint folder of a training run with the method geocell or retriever. */
  readonly folder: string;
  /** Finds the place at the position. */
  readonly gazetteer?: Pick<Gazetteer, 'reverse'>;
  readonly name?: string;
  readonly threads?: number;
};

export type PositionLocator = Locator & AsyncDisposable & { readonly kind: PositionKind };

/** Opens the locator. Throws `not-found` or `invalid-input` if the folder has no such model. */
export async function openPositionLocator(options: PositionLocatorOptions): Promise<PositionLocator> {
  const { folder, gazetteer, name = `nano:${folder}`, threads } = options;
  const model = await loadPositionModel(folder, defined({ threads }));
  return {
    name,
    kind: model.head.kind,
    locate: async (image, { signal }) => {
      signal.throwIfAborted();
      const [ranked] = await model.rank([image]);
      return located(ranked!, gazetteer);
    },
    [Symbol.asyncDispose]: () => model.dispose(),
  };
}

/**
 * Number of photos in each pass through the model. It is large enough to use all cores, and small enough that an abort
 * takes effect soon.
 */
const CHUNK = 128;

/** Returns the best position of each photo, in the order of the photos. */
export async function locateImages(
  images: readonly PreparedImage[],
  { model, signal }: { readonly model: Pick<PositionModel, 'rank'>; readonly signal: AbortSignal },
): Promise<RankedPosition[]> {
  const found: RankedPosition[] = [];
  for (let start = 0; start < images.length; start += CHUNK) {
    signal.throwIfAborted();
    for (const [best] of await model.rank(images.slice(start, start + CHUNK))) found.push(best!);
  }
  return found;
}
