/** Finds photos by files, folders and, if the user allows them, URLs, without reading any image. */
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { invalidInput, messageOf } from '../core/errors.ts';

export type PhotoInput = { readonly kind: 'file' | 'url'; readonly name: string };

/** File names of photos in a folder. A file that is itself an argument may have any name. */
const IMAGE_NAME = /\.(?:jpe|jpe?g|jpe?g_(?:large|orig)|jfif|pjpe?g|mpo|png|webp|avif|hei[cf]s?|hif|tiff?|gif)$/i;

export type FoundPhotos = {
  readonly photos: readonly PhotoInput[];
  /** Number of files in folders whose names are not those of images. */
  readonly skipped: number;
};

/**
 * Returns the photos in the order of the arguments; those of a folder and its subfolders by name, without hidden files.
 * Throws `invalid-input` for a URL without `allowUrl` and for a folder without photos.
 */
export async function findPhotos(args: readonly string[], { allowUrl }: { allowUrl: boolean }): Promise<FoundPhotos> {
  const photos: PhotoInput[] = [];
  let skipped = 0;
  for (const arg of args) {
    if (/^https?:\/\//i.test(arg)) {
      if (!allowUrl)
        throw invalidInput(`Not allowed to fetch ${arg}.`, 'Add --allow-url to fetch it from the network.');
      photos.push({ kind: 'url', name: arg });
    } else if (await isFolder(arg)) {
      const found = await photosIn(arg);
      if (found.photos.length === 0) throw invalidInput(`Folder without photos: ${arg}.`);
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
    return false; // The error comes up when the file is read, where it does not stop other photos.
  }
}

async function photosIn(folder: string): Promise<FoundPhotos> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw invalidInput(`Cannot read the folder ${folder}: ${messageOf(error)}.`, 'Check its permissions.');
  });
  const files = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isHidden(relative(folder, path)));
  const names = files.filter((path) => IMAGE_NAME.test(path)).toSorted();
  return { photos: names.map((name) => ({ kind: 'file', name })), skipped: files.length - names.length };
}

/** Whether a file or a folder on its path starts with a dot. */
const isHidden = (path: string): boolean => path.split(sep).some((part) => part.startsWith('.'));
