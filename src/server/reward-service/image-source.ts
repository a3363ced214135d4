/**
 * Images of rows: by id or path inside one folder, or in the request. Prepared once per content and kept while they are
 * in use: the completions of a group share an image.
 */
import { createHash } from 'node:crypto';
import { readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, parse, relative, resolve } from 'node:path';
import { LRUCache } from 'lru-cache';
import { invalidInput } from '../../core/errors.ts';
import { prepareImage } from '../../image/prepare-image.ts';
import type { PreparedImage } from '../../image/prepared-image.ts';
import type { ImageReference } from './protocol.ts';

export type ImageSource = { load(reference: ImageReference): Promise<PreparedImage> };

const CACHE_BYTES = 256 * 1024 * 1024;

/** Throws `invalid-input` for an image outside the folder, an unknown id, or bytes that are no image. */
export function imageSource({ folder }: { readonly folder?: string }): ImageSource {
  const prepared = new LRUCache<string, Promise<PreparedImage>>({ max: 4096 });
  const sizes = new LRUCache<string, PreparedImage>({
    maxSize: CACHE_BYTES,
    // With the data URI that a judge behind HTTP is sent, which lives as long as the image.
    sizeCalculation: ({ bytes }) => Math.ceil(bytes.length * (1 + 4 / 3)),
    dispose: (_, key) => prepared.delete(key),
  });
  let names: Promise<ReadonlyMap<string, string>> | undefined;

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

  // A row of a group names the image that the row before named; the file system is asked once.
  const checked = new LRUCache<string, Promise<string>>({ max: 4096 });
  const inFolder = (path: string): Promise<string> => {
    const known = checked.get(path);
    if (known !== undefined) return known;
    const found = checkedPath(path);
    checked.set(path, found);
    found.catch(() => checked.delete(path));
    return found;
  };

  const checkedPath = async (path: string): Promise<string> => {
    if (folder === undefined)
      throw invalidInput(
        `The image ${path} is named by path and the service has no image folder.`,
        'Start it with --images FOLDER.',
      );
    const root = await realpath(folder);
    const found = await realpath(resolve(root, path)).catch(() => undefined);
    const inside = found === undefined ? undefined : relative(root, found);
    // One message for both cases: whether a file outside exists is nobody's business.
    if (found === undefined || inside === undefined || inside.startsWith('..') || isAbsolute(inside)) {
      throw invalidInput(`The image ${path} is not in the image folder.`);
    }
    return found;
  };

  const byId = async (id: string): Promise<string> => {
    if (folder === undefined) return inFolder(id);
    names ??= readdir(folder).then(
      (files) =>
        new Map(
          files.flatMap((file) => [
            [file, file],
            [parse(file).name, file],
          ]),
        ),
    );
    const file = (await names).get(id);
    if (file === undefined) throw invalidInput(`No image in the folder is called "${id}".`);
    return inFolder(join(folder, file));
  };

  return {
    load: async (reference) => {
      if ('base64' in reference) {
        const bytes = Buffer.from(reference.base64.replace(/^data:[^,]*,/u, ''), 'base64');
        const key = createHash('sha256').update(bytes).digest('hex');
        return once(key, () => prepareImage(bytes, { label: 'The image in the row' }));
      }
      const path = 'id' in reference ? await byId(reference.id) : await inFolder(reference.path);
      return once(path, () => prepareImage(path));
    },
  };
}
