/** Locates photos: reads and prepares each photo, calls the locator, and adds the photo's own metadata. */
import { defined } from '../core/defined.ts';
import { GlobeError } from '../core/errors.ts';
import { readPhotoMetadata, type PhotoMetadata } from '../image/photo-metadata.ts';
import { prepareImage } from '../image/prepare-image.ts';
import { withSidecars } from '../image/sidecar-metadata.ts';
import { thumbnail } from '../image/thumbnail.ts';
import type { Locator } from './locator.ts';
import { orderedMap } from '../core/ordered-map.ts';
import { failedResult, photoResult } from './photo-result.ts';
import type { MetadataMode, PhotoResult, ReverseGeocode } from './photo-result.ts';
import type { PhotoInput } from './photo-inputs.ts';
import { readPhoto } from './read-photo.ts';

export type LocatePhotosOptions = {
  readonly locator: Locator;
  readonly reverse: ReverseGeocode;
  readonly metadata: MetadataMode;
  readonly maxPixels?: number;
  readonly seed?: number;
  readonly concurrency: number;
  /** Whether to create small copies for the HTML page. */
  readonly thumbnails: boolean;
  readonly signal: AbortSignal;
};

export type LocatedPhoto = { readonly result: PhotoResult; readonly thumbnail?: string };

/** Number of photos to prepare in advance while the maximum number of requests is in flight. */
const PREPARED_AHEAD = 2;

/**
 * Yields one result per photo, in the order of the photos. If a photo fails, its result has the kind `failed`. Only an
 * abort or a bug ends the iteration.
 *
 * @example
 * const options = { locator, reverse: gazetteer.reverse, metadata: 'report', concurrency: 4, thumbnails: false, signal };
 * for await (const { result } of locatePhotos([{ kind: 'file', name: 'photo.jpg' }], options)) console.log(result);
 */
export function locatePhotos(
  photos: readonly PhotoInput[],
  options: LocatePhotosOptions,
): AsyncGenerator<LocatedPhoto> {
  return orderedMap(photos, async (photo) => locateOne(photo, options), {
    concurrency: options.concurrency + PREPARED_AHEAD,
  });
}

async function locateOne(photo: PhotoInput, options: LocatePhotosOptions): Promise<LocatedPhoto> {
  const { locator, metadata: mode, reverse, maxPixels, seed, signal } = options;
  const image = photo.name;
  let small: string | undefined;
  try {
    const bytes = await readPhoto(photo, signal);
    const exif = mode === 'ignore' ? undefined : await metadataOf(photo, bytes);
    const prepared = await prepareImage(bytes, { label: image, signal, ...defined({ maxPixels }) });
    if (options.thumbnails) small = await thumbnail(prepared);
    const location = await locator.locate(prepared, { signal, ...defined({ seed }) });
    const result = photoResult(location, { image, mode, reverse, ...defined({ exif }) });
    return { result, ...defined({ thumbnail: small }) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof GlobeError) || error.code === 'internal') throw error;
    return { result: failedResult(image, error), ...defined({ thumbnail: small }) };
  }
}

/** Reads the metadata of a photo: its own, and for a file that of its sidecars. */
export async function metadataOf({ kind, name }: PhotoInput, bytes: Uint8Array): Promise<PhotoMetadata> {
  const own = await readPhotoMetadata(bytes);
  return kind === 'file' ? withSidecars(own, name) : own;
}
