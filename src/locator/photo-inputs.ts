/** Lists the photos that the arguments name: files, folders and, if the user allows them, URLs. Reads no images. */
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { invalidInput, messageOf } from '../core/errors.ts';

export type PhotoInput = { readonly kind: 'file' | 'url'; readonly name: string };

/** Matches the names of photos in a folder. A file that is itself an argument may have any name. */
const IMAGE_NAME = /\.(?:jpe|jpe?g|jpe?g_(?:large|orig)|jfif|pjpe?g|mpo|png|webp|avif|hei[cf]s?|hif|tiff?|gif)$/i;

export type FoundPhotos = {
  readonly photos: readonly PhotoInput[];
  /** Number of files that were skipped in folders, because their names are not names of photos. */
  readonly skipped: number;
};

/**
 * Returns the photos in the order of the arguments. Photos in a folder and its subfolders are in natural order (p2 before
 * p10), without hidden files. Throws `invalid-input` for a URL without `allowUrl`, and for a folder without photos.
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
    return false; // The error appears later, when this file is read, and then does not affect other photos.
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
  const names = files.filter((path) => IMAGE_NAME.test(path)).toSorted(naturalOrder);
  return { photos: names.map((name) => ({ kind: 'file', name })), skipped: files.length - names.length };
}

const collator = new Intl.Collator('en', { numeric: true });

/** Compares two paths folder by folder, with numbers by their value. Names that differ only in case keep one order. */
function naturalOrder(a: string, b: string): number {
  const [left, right] = [a.split(sep), b.split(sep)];
  const at = left.findIndex((part, i) => part !== right[i]);
  if (at === -1) return left.length - right.length;
  return collator.compare(left[at]!, right[at] ?? '') || (a < b ? -1 : 1);
}

/** True if the name of the file, or of a folder in its path, starts with a dot. */
const isHidden = (path: string): boolean => path.split(sep).some((part) => part.startsWith('.'));
