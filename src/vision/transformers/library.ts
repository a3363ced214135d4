/**
 * Loads @huggingface/transformers. It is an optional peer dependency, because it takes 160 MB and is not needed for
 * models on servers or the embedded model.
 */
import type * as Transformers from '@huggingface/transformers';
import { GlobeError } from '../../core/errors.ts';

/** Throws `not-found`, with the command that installs the library, if the library is not installed. */
export async function transformersLibrary(
  load: () => Promise<typeof Transformers> = async () => import('@huggingface/transformers'),
): Promise<typeof Transformers> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new GlobeError({
      code: 'not-found',
      message: 'Missing package: @huggingface/transformers. Models in this process need it.',
      hint: 'Install it beside this package: npm install @huggingface/transformers (with -g if globe-geolocation is global).',
      cause,
    });
  }
}
