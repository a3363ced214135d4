/**
 * Loads the images of rows, which come from one folder (by id or path) or from the request. The completions of a group
 * share an image, so each image is prepared once and cached. Files are checked again for every row, so that replaced
 * and added files are noticed. Rows that arrive at the same time share one check.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, parse, relative, resolve } from 'node:path';
import { bulkhead } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { invalidInput, messageOf } from '../../core/errors.ts';
import { MAX_SERVICE_PIXELS, MAX_SERVICE_SECONDS } from '../../image/limits.ts';
import { pixelBudget } from '../../image/pixel-budget.ts';
import { prepareImage, type PrepareOptions } from '../../image/prepare-image.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { type Job, jobOf } from './job.ts';
import type { ImageReference } from './read-request.ts';

export type ImageSource = {
  /**
   * Loads an image. When the signal aborts, rejects with the signal's reason. The preparation then continues if other
   * callers wait for the image.
   */
  load(reference: ImageReference, signal?: AbortSignal): Promise<PreparedImage>;
};

/** Extensions of image files, which an id may omit. All other files in the folder are ignored. */
const IMAGE_FILE = /\.(?:jpe?g|png|webp|gif|tiff?|hei[cf]|avif|bmp)$/iu;

const CACHE_BYTES = 256 * 1024 * 1024;

/**
 * Maximum number of images that are prepared at the same time. Large images are also limited by a total number of
 * pixels.
 */
const MAX_AT_A_TIME = 4;

type Make = (limits: PrepareOptions) => Promise<PreparedImage>;

/** A file in the folder, with a key that changes when the file is rewritten. */
type FoundFile = { readonly path: string; readonly key: string };

/**
 * Opens the images of a folder. Loading throws `invalid-input` for an image outside the folder, an unknown or ambiguous
 * id, or invalid image bytes.
 */
export function imageSource({ folder }: { readonly folder?: string }): ImageSource {
  const prepared = new LRUCache<string, Job>({ max: 4096 });
  const places = bulkhead(MAX_AT_A_TIME, Number.POSITIVE_INFINITY);
  const limits = {
    maxInputPixels: MAX_SERVICE_PIXELS,
    timeoutSeconds: MAX_SERVICE_SECONDS,
    budget: pixelBudget(MAX_SERVICE_PIXELS),
  };
  const sizes = new LRUCache<string, PreparedImage>({
    maxSize: CACHE_BYTES,
    // Counts the bytes of the image and of its data URI. A judge behind HTTP creates the data URI, which stays in
    // memory as long as the image.
    sizeCalculation: ({ bytes }) => Math.ceil(bytes.length * (1 + 4 / 3)),
    dispose: (_, key) => prepared.delete(key),
  });

  const once = (key: string, signal: AbortSignal | undefined, make: Make): Promise<PreparedImage> => {
    const known = prepared.get(key);
    if (known?.isStopped() === false) return known.wait(signal);
    const job = jobOf((stop) => places.execute(() => make({ ...limits, signal: stop }), stop));
    prepared.set(key, job);
    job.image.then(
      (image) => sizes.set(key, image),
      () => prepared.get(key) === job && prepared.delete(key),
    );
    return job.wait(signal);
  };

  const inFolder = shared((path: string) => fileIn(folder, path));
  const listed = shared(listing);
  const changeTime = shared(changedAt);
  let names: Listing | undefined;

  const byId = async (id: string): Promise<FoundFile> => {
    if (folder === undefined) return inFolder(id);
    // For an unknown id, the folder is always listed again. Its change time is too coarse to reveal every new file.
    if (names?.of(id) === undefined || names.changed !== (await changeTime(folder))) names = await listed(folder);
    const files = names.of(id);
    if (files === undefined) throw invalidInput(`The image folder has no image "${id}".`);
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
    load: async (reference, signal) => {
      if ('bytes' in reference) {
        const { bytes, sha256 } = reference;
        return once(sha256, signal, (limits) => prepareImage(bytes, { ...limits, label: 'The image in the row' }));
      }
      const { path, key } = 'id' in reference ? await byId(reference.id) : await inFolder(reference.path);
      return once(key, signal, (limits) => prepareImage(path, limits));
    },
  };
}

async function fileIn(folder: string | undefined, path: string): Promise<FoundFile> {
  if (folder === undefined) {
    throw invalidInput(
      `The service has no image folder, but a row names the image path ${path}.`,
      'Start the service with --images FOLDER.',
    );
  }
  const root = await realpath(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const found = await realpath(resolve(root, path)).catch(() => undefined);
  const inside = found === undefined ? undefined : relative(root, found);
  // Missing files and files outside the folder get the same message. A message must not reveal whether a file outside
  // the folder exists.
  if (found === undefined || inside === undefined || inside.startsWith('..') || isAbsolute(inside)) {
    throw invalidInput(`The image ${path} is not in the image folder.`);
  }
  const { size, mtimeNs, ino } = await stat(found, { bigint: true });
  return { path: found, key: `${found}\n${ino}\n${size}\n${mtimeNs}` };
}

type Listing = {
  /** Time of the folder's last change, read before the folder was listed. */
  readonly changed: bigint;
  /**
   * Returns the file with this name. If there is none, returns all images whose name without the extension is this
   * name.
   */
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
  invalidInput(
    `The image folder ${folder} cannot be read: ${messageOf(error)}.`,
    'Check that it exists and is readable.',
  );

/**
 * Makes concurrent calls with the same argument share one call of `work`. The result is not cached after the call ends.
 */
function shared<T>(work: (argument: string) => Promise<T>): (argument: string) => Promise<T> {
  const inFlight = new Map<string, Promise<T>>();
  return (argument) => {
    const known = inFlight.get(argument);
    if (known !== undefined) return known;
    const started = work(argument).finally(() => inFlight.delete(argument));
    inFlight.set(argument, started);
    return started;
  };
}
