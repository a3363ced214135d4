/**
 * Images of rows: by id or path inside one folder, or in the request. Prepared once per content and kept while they are
 * in use: the completions of a group share an image. A file is looked at again for every row, so that one that was
 * replaced or added is seen; rows that ask for the same at a time share one look.
 */
import { createHash } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, parse, relative, resolve } from 'node:path';
import { LRUCache } from 'lru-cache';
import { invalidInput, messageOf } from '../../core/errors.ts';
import { prepareImage } from '../../image/prepare-image.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import type { ImageReference } from './protocol.ts';

export type ImageSource = { load(reference: ImageReference): Promise<PreparedImage> };

/** What an id without extension may mean; notes beside the images are no images. */
const IMAGE_FILE = /\.(?:jpe?g|png|webp|gif|tiff?|hei[cf]|avif|bmp)$/iu;

const CACHE_BYTES = 256 * 1024 * 1024;

/** A file in the folder, and what changes when it is written anew. */
type FoundFile = { readonly path: string; readonly key: string };

/** Throws `invalid-input` for an image outside the folder, an id of no file or of several, or bytes that are no image. */
export function imageSource({ folder }: { readonly folder?: string }): ImageSource {
  const prepared = new LRUCache<string, Promise<PreparedImage>>({ max: 4096 });
  const sizes = new LRUCache<string, PreparedImage>({
    maxSize: CACHE_BYTES,
    // With the data URI that a judge behind HTTP is sent, which lives as long as the image.
    sizeCalculation: ({ bytes }) => Math.ceil(bytes.length * (1 + 4 / 3)),
    dispose: (_, key) => prepared.delete(key),
  });

  const once = (key: string, make: () => Promise<PreparedImage>): Promise<PreparedImage> => {
    const known = prepared.get(key);
    if (known !== undefined) return known;
    const made = make();
    prepared.set(key, made);
    made.then(
      (image) => sizes.set(key, image),
      () => prepared.delete(key),
    );
    return made;
  };

  const inFolder = shared((path: string) => fileIn(folder, path));
  const listed = shared(listing);
  const lookedAt = shared(changedAt);
  let names: Listing | undefined;

  const byId = async (id: string): Promise<FoundFile> => {
    if (folder === undefined) return inFolder(id);
    // An id that is not there may be a file that has come since; a folder's time is too coarse to tell.
    if (names?.of(id) === undefined || names.changed !== (await lookedAt(folder))) names = await listed(folder);
    const files = names.of(id);
    if (files === undefined) throw invalidInput(`No image in the folder is called "${id}".`);
    const [file, ...others] = files;
    if (others.length > 0) {
      throw invalidInput(
        `The id "${id}" is ambiguous: the image folder has ${files.join(', ')}.`,
        'Name the file with its extension.',
      );
    }
    return inFolder(join(folder, file!));
  };

  return {
    load: async (reference) => {
      if ('base64' in reference) {
        const bytes = Buffer.from(reference.base64.replace(/^data:[^,]*,/u, ''), 'base64');
        const key = createHash('sha256').update(bytes).digest('hex');
        return once(key, () => prepareImage(bytes, { label: 'The image in the row' }));
      }
      const { path, key } = 'id' in reference ? await byId(reference.id) : await inFolder(reference.path);
      return once(key, () => prepareImage(path));
    },
  };
}

async function fileIn(folder: string | undefined, path: string): Promise<FoundFile> {
  if (folder === undefined) {
    throw invalidInput(
      `The image ${path} is named by path and the service has no image folder.`,
      'Start it with --images FOLDER.',
    );
  }
  const root = await realpath(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const found = await realpath(resolve(root, path)).catch(() => undefined);
  const inside = found === undefined ? undefined : relative(root, found);
  // One message for both cases: whether a file outside exists is nobody's business.
  if (found === undefined || inside === undefined || inside.startsWith('..') || isAbsolute(inside)) {
    throw invalidInput(`The image ${path} is not in the image folder.`);
  }
  const { size, mtimeNs, ino } = await stat(found, { bigint: true });
  return { path: found, key: `${found}\n${ino}\n${size}\n${mtimeNs}` };
}

type Listing = {
  /** When the folder was last changed, before it was listed. */
  readonly changed: bigint;
  /** The file of that name, or the images whose name without extension it is. */
  of(id: string): readonly string[] | undefined;
};

async function listing(folder: string): Promise<Listing> {
  const changed = await changedAt(folder);
  const files = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const whole = new Set(files);
  const images = files.filter((file) => IMAGE_FILE.test(file));
  const stems = Map.groupBy(images, (file) => parse(file).name);
  return { changed, of: (id) => (whole.has(id) ? [id] : stems.get(id)) };
}

async function changedAt(folder: string): Promise<bigint> {
  const found = await stat(folder, { bigint: true }).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  return found.mtimeNs;
}

const unreadable = (folder: string, error: unknown): Error =>
  invalidInput(`The image folder ${folder} cannot be read: ${messageOf(error)}.`, 'Mend it, or name another.');

/** Calls for the same that come while one is under way get its result; nothing is kept afterwards. */
function shared<T>(work: (of: string) => Promise<T>): (of: string) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (of) => {
    const known = underWay.get(of);
    if (known !== undefined) return known;
    const started = work(of).finally(() => underWay.delete(of));
    underWay.set(of, started);
    return started;
  };
}
