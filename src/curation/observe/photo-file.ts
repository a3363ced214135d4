/**
 * The file of a photo, so that what was said about one picture is never taken for another's: its SHA-256, and the size
 * and time by which most files are known to be the same without being read again.
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

/** What a file system says of a file without reading it. */
export type FileStamp = z.infer<typeof fileStampSchema>;

/** Undefined where the file cannot be asked: why is found out when it is read. */
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

/** Hex SHA-256 of the file's bytes. Throws as `readImageFile` does. */
export async function fileSha256(path: string, signal: AbortSignal): Promise<string> {
  return sha256Of(await readImageFile(path, { signal }));
}

export type ShownPhoto = {
  /** As instruments and the dataset see it. */
  readonly image: PreparedImage;
  /** Hex SHA-256 of the file that it was made from. */
  readonly sha256: string;
};

/** Throws `invalid-input` for what is no image, `not-found` for no file, `service` where the disk fails. */
export async function preparePhoto({ path }: Photo, recipe: Recipe, signal: AbortSignal): Promise<ShownPhoto> {
  const bytes = await readImageFile(path, { signal });
  const image = await prepareImage(bytes, { maxPixels: recipe.annotation.maxPixels, label: path, signal });
  return { image, sha256: sha256Of(bytes) };
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
