/**
 * Scales a photo to a small square and cuts it into patches for the encoder. The scaling does not preserve the aspect
 * ratio, because cropping would lose parts of the photo. The functions accept only a PreparedImage, so no metadata
 * reaches a model.
 */
import sharp from 'sharp';
import { invalidInput, messageOf } from '../../core/errors.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { float32, type HostArray } from '../../tensor/index.ts';
import { type EncoderConfig, imagePatches } from '../config.ts';

/** Number of values per image: imagePatches × patchPixels² × 3. */
export const patchValues = (config: EncoderConfig): number => imagePatches(config) * config.image.patchPixels ** 2 * 3;

/**
 * Returns the patches of an image in row order. Each patch has its pixels in row order, with red, green and blue in
 * [-1, 1]. [imagePatches, patchPixels² * 3]
 */
export async function imageToPatches(image: PreparedImage, config: EncoderConfig): Promise<Float32Array> {
  return cutPatches(await squarePixels(image, config), config);
}

/** Scales a photo to the encoder's square. Returns three bytes per pixel, row by row. */
async function squarePixels(image: PreparedImage, { image: { sizePixels } }: EncoderConfig): Promise<Uint8Array> {
  try {
    return await sharp(image.bytes)
      .resize(sizePixels, sizePixels, { fit: 'fill' })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer();
  } catch (error) {
    throw invalidInput(`Image ${image.sha256.slice(0, 12)} cannot be decoded: ${messageOf(error)}.`);
  }
}

/** Cuts the pixels of a square image into patches. `pixels` has three bytes per pixel, row by row. */
export function cutPatches(pixels: Uint8Array, config: EncoderConfig): Float32Array {
  const { sizePixels: size, patchPixels: patch } = config.image;
  const result = new Float32Array(patchValues(config));
  let at = 0;
  for (let top = 0; top < size; top += patch) {
    for (let left = 0; left < size; left += patch) {
      for (let y = top; y < top + patch; y++) {
        const row = (y * size + left) * 3;
        for (let i = 0; i < patch * 3; i++) result[at++] = pixels[row + i]! / 127.5 - 1;
      }
    }
  }
  return result;
}

/** Returns the patches of an image. */
export type PatchReader = (image: PreparedImage) => Promise<Float32Array>;

/** Returns a patch reader that caches the scaled pixels of the `capacity` most recently used images. */
export function patchReader(config: EncoderConfig, capacity?: number): PatchReader {
  const readPixels = pixelReader(config, capacity);
  return async (image) => cutPatches(await readPixels(image), config);
}

/**
 * Returns a reader of scaled pixels, with three bytes per pixel, row by row. The reader caches the `capacity` most
 * recently used images, because training reads each image many times. It caches pixels instead of patches: pixels need
 * a quarter of the memory (12 KB for 64 × 64 pixels), and cutting patches takes microseconds. The pixels are in memory
 * that threads can share.
 */
export function pixelReader(config: EncoderConfig, capacity = 2048): (image: PreparedImage) => Promise<Uint8Array> {
  const cache = new Map<string, Uint8Array>();
  return async (image) => {
    const pixels = cache.get(image.sha256) ?? shared(await squarePixels(image, config));
    // Deleting and setting an entry moves it to the end of the map, so the map's first key is the least recently used
    // image.
    cache.delete(image.sha256);
    cache.set(image.sha256, pixels);
    if (cache.size > capacity) cache.delete(cache.keys().next().value!);
    return pixels;
  };
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** Reads the patches of photos, with one row per photo of the list. [images, imagePatches, patchPixels² * 3] */
export async function photoPatches(
  images: readonly PreparedImage[],
  config: EncoderConfig,
  readPatches: PatchReader,
): Promise<HostArray> {
  const values = patchValues(config);
  const data = new Float32Array(images.length * values);
  const read = await Promise.all(images.map(readPatches));
  for (const [i, patches] of read.entries()) data.set(patches, i * values);
  return float32([images.length, imagePatches(config), config.image.patchPixels ** 2 * 3], data);
}
