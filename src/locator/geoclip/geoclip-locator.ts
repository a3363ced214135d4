/**
 * GeoCLIP in this process: finds the positions of a gallery that are nearest to an image (Vivanco Cepeda, Nayak and
 * Shah, NeurIPS 2023). It is our retrieval method, and curation can use it as GPS annotator. Weights come from a local
 * folder, or from the hub if downloads are allowed.
 */
import { defined } from '../../core/defined.ts';
import type { Coordinate } from '../../core/coordinate.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Locator } from '../locator.ts';
import type { HubOptions } from '../../vision/transformers/hub-files.ts';
import { located } from '../ranked-position.ts';
import { openClipTower } from './clip-tower.ts';
import { compileEncoders } from './encoders.ts';
import { openGallerySearch } from './gallery-search.ts';
import { openGallery } from './gallery.ts';
import { findRelease } from './release.ts';
import { readWeights } from './weights.ts';

export type GeoClipOptions = {
  /** Hub repository, or a folder that scripts/build/convert_geoclip.py created. */
  readonly folder: string;
  /** Cache folder, and whether downloads from the hub are allowed. Without `hub`, `folder` must be a local folder. */
  readonly hub?: HubOptions;
  /** Folder for the cached embeddings of the gallery (205 MB); the default is `folder`. */
  readonly cacheFolder?: string;
  /** Finds the place at the position. */
  readonly gazetteer?: Pick<Gazetteer, 'reverse'>;
  readonly name?: string;
  /** Number of threads for the image tower and the encoders. The gallery search always uses one thread. */
  readonly threads?: number;
  /**
   * Called while the first run computes the gallery's embeddings: 100,000 positions take about a minute on two cores.
   */
  readonly onProgress?: (done: number, total: number) => void;
};

export type RankedPosition = {
  readonly coordinate: Coordinate;
  /**
   * Softmax over the gallery, with the scale that the model learned. It can only rank the positions of one gallery for
   * one image. It is not the probability of being right, and is higher for a sparser gallery.
   */
  readonly confidence: number;
};

export type GeoClip = Locator &
  AsyncDisposable & {
    /** Returns the best positions, best first. */
    rank(image: Parameters<Locator['locate']>[0], options: RankOptions): Promise<RankedPosition[]>;
  };

export type RankOptions = { readonly count?: number; readonly signal: AbortSignal };

const DEFAULT_RANKED = 5;

export async function openGeoClip(options: GeoClipOptions): Promise<GeoClip> {
  const { name = 'geoclip', gazetteer, threads, onProgress } = options;
  const { folder, towerFolder } = await findRelease(options.folder, options.hub);
  const cacheFolder = options.cacheFolder ?? folder;
  const threading = defined({ threads });
  const weights = await readWeights(folder);
  const tower = await openClipTower(towerFolder, threading);
  const encoders = await compileEncoders(weights, threading);
  const gallery = await openGallery(encoders, {
    folder,
    galleryFile: weights.galleryFile,
    weights: weights.bytes,
    cacheFolder,
    ...defined({ onProgress }),
  });
  const search = await openGallerySearch(gallery);
  const scale = Math.exp(weights.logitScale);

  const rank: GeoClip['rank'] = async (image, { count = DEFAULT_RANKED, signal }) => {
    signal.throwIfAborted();
    const features = await tower.features(image);
    signal.throwIfAborted();
    const hits = await search.nearest(await encoders.images(features), { count, scale });
    return hits.map(({ index, probability }) => ({
      coordinate: gallery.positions[index]!,
      confidence: probability,
    }));
  };

  return {
    name,
    rank,
    locate: async (image, { signal }) => located(await rank(image, { count: 1, signal }), gazetteer),
    [Symbol.asyncDispose]: async () => {
      await search[Symbol.asyncDispose]();
      await encoders[Symbol.asyncDispose]();
      await tower[Symbol.asyncDispose]();
    },
  };
}
