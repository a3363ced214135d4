/**
 * Loads models in this process with @huggingface/transformers. Ensures that only local files are read unless downloads
 * are allowed.
 */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type * as Transformers from '@huggingface/transformers';
import { GlobeError, messageOf } from '../../core/errors.ts';
import { transformersLibrary } from './library.ts';
import type { LocalModelOptions } from './local-model-options.ts';

type LoadOptions = { readonly local_files_only: boolean; readonly cache_dir: string; readonly dtype?: 'fp32' };

/**
 * Calls `load` with the library, the source (a repository's name or a folder's path), and options that allow only local
 * files unless downloads are allowed. If `load` throws any error, throws `not-found` with a hint.
 */
export async function loadLocalModel<T>(
  source: string,
  { dtype, allowDownload = false, cacheFolder }: LocalModelOptions,
  load: (library: typeof Transformers, where: string, options: LoadOptions) => Promise<T>,
): Promise<T> {
  const library = await transformersLibrary();
  const isFolder = await stat(source).then(
    (found) => found.isDirectory(),
    () => false,
  );
  library.env.allowRemoteModels = allowDownload;
  library.env.logLevel = library.LogLevel.ERROR;
  try {
    return await load(library, isFolder ? resolve(source) : source, {
      local_files_only: !allowDownload,
      cache_dir: cacheFolder,
      ...(dtype !== undefined && { dtype: dtype as 'fp32' }),
    });
  } catch (error) {
    throw new GlobeError({
      code: 'not-found',
      message: `The model ${source} cannot be opened: ${messageOf(error)}`,
      hint: allowDownload
        ? 'Check the name; the repository must contain ONNX weights in a folder onnx/.'
        : `Use a folder that contains the model's files, put the files into ${cacheFolder}, or add --allow-download to fetch them.`,
      cause: error,
    });
  }
}
