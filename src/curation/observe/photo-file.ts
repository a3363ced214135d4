/**
 * Identifies the file of a photo, so that answers about a photo are never used for another one. If a file's size and
 * modification time are unchanged, it counts as unchanged and is not read. Otherwise, its SHA-256 decides.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { readImageFile } from '../../image/read-image-file.ts';
import { prepareImage } from '../../image/prepare-image.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import type { Photo } from './photo.ts';
import type { Recipe } from '../recipe/recipe.ts';

export const fileStampSchema = z.object({ bytes: z.number(), modifiedMs: z.number() });

/** Size and modification time of a file, which the file system reports without reading the file. */
export type FileStamp = z.infer<typeof fileStampSchema>;

/**
 * Returns the stamp of a file, or undefined if the file system reports an error. The error is then thrown later, when
 * the file is read.
 */
export async function stampOf(path: string): Promise<FileStamp | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { bytes: size, modifiedMs: mtimeMs };
  } catch {
    return undefined;
  }
}

export const isSameStamp = (a: FileStamp | undefined, b: FileStamp | undefined): boolean =>
  a !== undefined && b !== undefined && a.bytes === b.bytes && a.modifiedMs === b.modifiedMs;

/** Computes the SHA-256 of a file, in hexadecimal. Throws the errors of `readImageFile`. */
export async function fileSha256(path: string, signal: AbortSignal): Promise<string> {
  return sha256Of(await readImageFile(path, { signal }));
}

export type ShownPhoto = {
  /** The prepared image, which the instruments and the dataset use. */
  readonly image: PreparedImage;
  /** SHA-256 of the original file, in hexadecimal. */
  readonly sha256: string;
};

/**
 * Reads and prepares a photo. Throws `invalid-input` for an invalid image, `not-found` for a missing file, and
 * `service` for a disk error.
 */
export async function preparePhoto({ path }: Photo, recipe: Recipe, signal: AbortSignal): Promise<ShownPhoto> {
  const bytes = await readImageFile(path, { signal });
  const image = await prepareImage(bytes, { maxPixels: recipe.annotation.maxPixels, label: path, signal });
  return { image, sha256: sha256Of(bytes) };
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
