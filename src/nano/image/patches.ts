/**
 * A photo as the numbers that the encoder reads: scaled to a small square, cut into patches. Only a PreparedImage comes in, so no
 * metadata can. The aspect ratio is given up: every part of the photo stays visible.
 */
import sharp from 'sharp';
import { invalidInput, messageOf } from '../../core/errors.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { imagePatches, type NanoConfig } from '../config.ts';

/** Numbers of one image: imagePatches × patchPixels² × 3. */
export const patchValues = (config: NanoConfig): number => imagePatches(config) * config.image.patchPixels ** 2 * 3;

/** [imagePatches, patchPixels² * 3]: patches row by row, each its pixels row by row, red, green, blue in [-1, 1]. */
export async function imageToPatches(image: PreparedImage, config: NanoConfig): Promise<Float32Array> {
  const { sizePixels } = config.image;
  let pixels;
  try {
    pixels = await sharp(image.bytes)
      .resize(sizePixels, sizePixels, { fit: 'fill' })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer();
  } catch (error) {
    throw invalidInput(`Image ${image.sha256.slice(0, 12)} cannot be decoded: ${messageOf(error)}.`);
  }
  return cutPatches(pixels, config);
}

/** Cuts square pixels (bytes, row by row, three channels) into patches. */
export function cutPatches(pixels: Uint8Array, config: NanoConfig): Float32Array {
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

/** Patches by image, kept for the images used last: a training run shows the same ones again and again. */
export type PatchReader = (image: PreparedImage) => Promise<Float32Array>;

/** A reader that keeps up to `capacity` images. */
export function patchReader(config: NanoConfig, capacity = 2048): PatchReader {
  const kept = new Map<string, Float32Array>();
  return async (image) => {
    const known = kept.get(image.sha256);
    const patches = known ?? (await imageToPatches(image, config));
    // Deleted and set again, it moves to the end: the first key is the one used longest ago.
    kept.delete(image.sha256);
    kept.set(image.sha256, patches);
    if (kept.size > capacity) kept.delete(kept.keys().next().value!);
    return patches;
  };
}
