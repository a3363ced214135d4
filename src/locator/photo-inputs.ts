/** Lists the photos that files, folders and (if the user allows them) URLs name, without reading any image. */
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { invalidInput, messageOf } from '../core/errors.ts';

export type PhotoInput = { readonly kind: 'file' | 'url'; readonly name: string };

/** Names that mark a file in a folder as a photo. A file given as an argument itself may have any name. */
const IMAGE_NAME = /\.(?:jpe|jpe?g|jpe?g_(?:large|orig)|jfif|pjpe?g|mpo|png|webp|avif|hei[cf]s?|hif|tiff?|gif)$/i;

export type FoundPhotos = {
  readonly photos: readonly PhotoInput[];
  /** Number of files in the folders that were skipped because of their names. */
  readonly skipped: number;
};

/**
 * Returns the photos in the order of the arguments. Photos in a folder and its subfolders are sorted by name; hidden
 * files are left out. Throws `invalid-input` for a URL without `allowUrl` and for a folder without photos.
 */
export async function findPhotos(args: readonly string[], { allowUrl }: { allowUrl: boolean }): Promise<FoundPhotos> {
  const photos: PhotoInput[] = [];
  let skipped = 0;
  for (const arg of args) {
    if (/^https?:\/\//i.test(arg)) {
      if (!allowUrl)
        throw invalidInput(
          `The address ${arg} needs the network, which is not allowed.`,
          'Add --allow-url to fetch photos from the network.',
        );
      photos.push({ kind: 'url', name: arg });
    } else if (await isFolder(arg)) {
      const found = await photosIn(arg);
      if (found.photos.length === 0) throw invalidInput(`The folder ${arg} contains no photos.`);
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
    return false; // Reading the file later reports the error, which then does not stop other photos.
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

/** Whether the name of the file or of a folder on its path starts with a dot. */
const isHidden = (path: string): boolean => path.split(sep).some((part) => part.startsWith('.'));
