/** Finds the photos that paths name: files, folders and, where the user allows it, URLs. Reads no image. */
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { invalidInput, messageOf } from '../core/errors.ts';

export type PhotoInput = { readonly kind: 'file' | 'url'; readonly name: string };

/** Names of the files that a folder's photos have; files that are named themselves are tried whatever their name. */
const IMAGE_NAME = /\.(?:jpe?g|jfif|png|webp|avif|hei[cf]|tiff?|gif)$/i;

export type FoundPhotos = {
  readonly photos: readonly PhotoInput[];
  /** Files in folders that are not images by name. */
  readonly skipped: number;
};

/**
 * The photos in the order of the arguments, those of a folder and its subfolders by name. Hidden files are left out.
 * Throws `invalid-input` for a URL without `allowUrl` and for a folder without photos.
 */
export async function findPhotos(args: readonly string[], { allowUrl }: { allowUrl: boolean }): Promise<FoundPhotos> {
  const photos: PhotoInput[] = [];
  let skipped = 0;
  for (const arg of args) {
    if (/^https?:\/\//i.test(arg)) {
      if (!allowUrl) throw invalidInput(`${arg} would be fetched from the network.`, 'Add --allow-url to allow that.');
      photos.push({ kind: 'url', name: arg });
    } else if (await isFolder(arg)) {
      const found = await photosIn(arg);
      if (found.photos.length === 0) throw invalidInput(`The folder ${arg} holds no photos.`);
      photos.push(...found.photos);
      skipped += found.skipped;
    } else {
      photos.push({ kind: 'file', name: arg });
    }
  }
  return { photos, skipped };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // What is wrong with it is said when it is read, and stops no other photo.
  }
}

async function photosIn(folder: string): Promise<FoundPhotos> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw invalidInput(`The folder ${folder} cannot be read: ${messageOf(error)}.`, 'Check its permissions.');
  });
  const files = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isHidden(relative(folder, path)));
  const names = files.filter((path) => IMAGE_NAME.test(path)).toSorted();
  return { photos: names.map((name) => ({ kind: 'file', name })), skipped: files.length - names.length };
}

/** True for a path with a part that starts with a dot. */
const isHidden = (path: string): boolean => path.split(sep).some((part) => part.startsWith('.'));
