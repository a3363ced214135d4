/**
 * A photo as numbers for the encoder: scaled to a small square and cut into patches. Takes only a PreparedImage, so no
 * metadata can enter. Does not keep the aspect ratio, so that every part of the photo stays visible.
 */
import sharp from 'sharp';
import { invalidInput, messageOf } from '../../core/errors.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { float32, type HostArray } from '../../tensor/index.ts';
import { type EncoderConfig, imagePatches } from '../config.ts';

/** Length of one image's array: imagePatches × patchPixels² × 3. */
export const patchValues = (config: EncoderConfig): number => imagePatches(config) * config.image.patchPixels ** 2 * 3;

/**
 * Returns [imagePatches, patchPixels² * 3]: patches in row order, and in each its pixels in row order, with red, green
 * and blue in [-1, 1].
 */
export async function imageToPatches(image: PreparedImage, config: EncoderConfig): Promise<Float32Array> {
  return cutPatches(await squarePixels(image, config), config);
}

/** The photo scaled to the encoder's square: bytes, row by row, three channels. */
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

/** Cuts square pixels (bytes, row by row, three channels) into patches. */
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

/** Reads an image's patches. Caches recent images, because a training run repeats them. */
export type PatchReader = (image: PreparedImage) => Promise<Float32Array>;

/**
 * A reader that caches up to `capacity` images as scaled pixels, which take a quarter of the memory of their patches
 * (12 KB for an image of 64 × 64 pixels) and are cut again in microseconds.
 */
export function patchReader(config: EncoderConfig, capacity = 2048): PatchReader {
  const cache = new Map<string, Uint8Array>();
  return async (image) => {
    const known = cache.get(image.sha256);
    const pixels = known ?? (await squarePixels(image, config));
    // Deleting and setting moves the entry to the end, so the first key is the least recently used.
    cache.delete(image.sha256);
    cache.set(image.sha256, pixels);
    if (cache.size > capacity) cache.delete(cache.keys().next().value!);
    return cutPatches(pixels, config);
  };
}

/** The patches of photos, one row per photo, repeated photos included: [images, imagePatches, patchPixels² * 3] */
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
