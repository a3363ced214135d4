/**
 * GeoCLIP in this process: finds the positions of a gallery nearest to an image (Vivanco Cepeda, Nayak and Shah,
 * NeurIPS 2023). It represents retrieval methods, and is curation's GPS annotator. Weights come from a local folder, or
 * from the hub if downloads are allowed.
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
  /** Hub repository, or folder that scripts/build/convert_geoclip.py made. */
  readonly folder: string;
  /** Cache folder, and permission to download from the hub. Without `hub`, `folder` must be a local folder. */
  readonly hub?: HubOptions;
  /** Folder of the gallery's cached embeddings (205 MB); `folder` by default. */
  readonly cacheFolder?: string;
  /** Names the place at the position. */
  readonly gazetteer?: Pick<Gazetteer, 'reverse'>;
  readonly name?: string;
  /** Threads of the image tower; the gallery search uses one. */
  readonly threads?: number;
  /** Called while the first run embeds the gallery: 100,000 positions in about a minute on two cores. */
  readonly onProgress?: (done: number, total: number) => void;
};

export type RankedPosition = {
  readonly coordinate: Coordinate;
  /**
   * Softmax over the gallery with the model's learnt scale. It only orders one gallery's positions for one image: it is
   * not the probability of being right, and grows when the gallery gets sparser.
   */
  readonly confidence: number;
};

export type GeoClip = Locator &
  AsyncDisposable & {
    /** The best positions, best first. */
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
