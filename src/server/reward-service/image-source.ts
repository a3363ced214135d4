/**
 * Loads the images of rows: by id or path inside one folder, or from the request. The completions of a group share an
 * image, so each image is prepared once and cached. The file is checked again for every row, so that replaced and added
 * files are noticed. Rows that arrive at the same time share the check.
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
   * Rejects with the signal's reason when the signal aborts. The preparation continues if other callers wait for the
   * image.
   */
  load(reference: ImageReference, signal?: AbortSignal): Promise<PreparedImage>;
};

/** Extensions of image files. An id may omit the extension. Other files in the folder are ignored. */
const IMAGE_FILE = /\.(?:jpe?g|png|webp|gif|tiff?|hei[cf]|avif|bmp)$/iu;

const CACHE_BYTES = 256 * 1024 * 1024;

/** Maximum number of images prepared at the same time. The pixel budget further limits large images. */
const MAX_AT_A_TIME = 4;

type Make = (limits: PrepareOptions) => Promise<PreparedImage>;

/** A file in the folder, with a key that changes when the file is rewritten. */
type FoundFile = { readonly path: string; readonly key: string };

/** Throws `invalid-input` for an image outside the folder, an unknown or ambiguous id, or invalid image bytes. */
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
    // Count the bytes and their data URI. An HTTP judge creates the data URI, and it stays in memory as long as the
    // image.
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
    // An unknown id always lists the folder again, because the folder's change time is too coarse to reveal every new
    // file.
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
  // Missing files and files outside the folder get the same message, because it must not reveal whether a file outside
  // exists.
  if (found === undefined || inside === undefined || inside.startsWith('..') || isAbsolute(inside)) {
    throw invalidInput(`The image ${path} is not in the image folder.`);
  }
  const { size, mtimeNs, ino } = await stat(found, { bigint: true });
  return { path: found, key: `${found}\n${ino}\n${size}\n${mtimeNs}` };
}

type Listing = {
  /** Time of the folder's last change before it was listed. */
  readonly changed: bigint;
  /** Returns the file with this name, or else all images with this name before their extension. */
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

/** Calls with the same argument share one running call and its result. Nothing is cached after it ends. */
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
