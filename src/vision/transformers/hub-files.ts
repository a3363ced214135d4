/**
 * Downloads files of a Hugging Face repository to a local folder, for models that @huggingface/transformers cannot
 * open. Uses that library's cache layout (CACHE/OWNER/NAME/FILE) and its host setting.
 */
import { createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GlobeError, invalidInput, messageOf } from '../../core/errors.ts';
import { transformersLibrary } from './library.ts';

export type HubOptions = {
  /** Whether missing files may be downloaded. */
  readonly allowDownload?: boolean;
  /** Folder for downloaded files. */
  readonly cacheFolder: string;
  /** Called with a sentence about each file that is downloaded. */
  readonly onNotice?: (text: string) => void;
};

const REVISION = 'main';

/** True if the text has the form OWNER/NAME. */
export const isRepository = (source: string): boolean => /^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(source);

/**
 * Returns the local folder with a repository's files. Downloads missing files if this is allowed. Throws `not-found`
 * for a missing file, a retryable `service` error if the hub fails, and `invalid-input` for an invalid repository name.
 */
export async function hubFolder(repository: string, files: readonly string[], options: HubOptions): Promise<string> {
  if (!isRepository(repository)) throw invalidInput(`Invalid repository name: "${repository}".`, 'Use OWNER/NAME.');
  const folder = join(options.cacheFolder, repository);
  for (const file of files) {
    const path = join(folder, file);
    if (await isThere(path)) continue;
    if (options.allowDownload !== true) {
      throw new GlobeError({
        code: 'not-found',
        message: `${file} of ${repository} is not in ${options.cacheFolder}.`,
        hint: 'Add --allow-download to fetch the file from the hub, or name a folder that contains the file.',
      });
    }
    await download(await urlOf(repository, file), { path, options });
  }
  return folder;
}

const isThere = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Returns the URL of a file on the host that the library is configured to use, so that a mirror applies here too. */
async function urlOf(repository: string, file: string): Promise<string> {
  const { env } = await transformersLibrary();
  const path = env.remotePathTemplate.replaceAll('{model}', repository).replaceAll('{revision}', REVISION);
  return new URL(`${path}${file}`, env.remoteHost).href;
}

/** Downloads to a temporary name, and renames the file when it is complete. */
async function download(url: string, { path, options }: { path: string; options: HubOptions }): Promise<void> {
  const { env } = await transformersLibrary();
  const temporary = `${path}.${process.pid}.part`;
  try {
    const response = (await env.fetch(url)) as Response;
    if (!response.ok || response.body === null) throw refusal(url, response.status);
    const bytes = Number(response.headers.get('content-length') ?? Number.NaN);
    const size = Number.isFinite(bytes) ? ` (${(bytes / 1e6).toFixed(1)} MB)` : '';
    options.onNotice?.(`Fetching ${url}${size}.`);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Readable.fromWeb(response.body), createWriteStream(temporary));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof GlobeError) throw error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new GlobeError({
      code: 'service',
      message: `${url} could not be fetched: ${messageOf(cause)}.`,
      hint: 'Check the connection, or add the file by hand.',
      retryable: true,
      cause: error,
    });
  }
}

/** Creates the error for an HTTP status. The hub responds with 401 for both missing and private repositories. */
function refusal(url: string, status: number): GlobeError {
  const isMissing = [401, 403, 404].includes(status);
  return new GlobeError({
    code: isMissing ? 'not-found' : 'service',
    message: `${url} answered ${status}.`,
    hint: isMissing ? 'Check the name of the repository; private ones are not supported.' : 'Try again later.',
    retryable: !isMissing,
  });
}
