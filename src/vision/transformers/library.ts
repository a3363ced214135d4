/**
 * Loads @huggingface/transformers, an optional peer dependency: it brings 160 MB that a user of servers or of the
 * embedded model never runs.
 */
import type * as Transformers from '@huggingface/transformers';
import { GlobeError } from '../../core/errors.ts';

/** Throws `not-found`, with the command that installs it, where the library is absent. */
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
