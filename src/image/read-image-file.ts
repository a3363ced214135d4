/** Reads the bytes of an image file without parsing them. Its errors tell the user what to do. */
import { open } from 'node:fs/promises';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { MAX_INPUT_BYTES } from './limits.ts';

/**
 * Reads the file's bytes. Throws `not-found` for a missing file, and `invalid-input` for folders, empty files and files
 * larger than MAX_INPUT_BYTES. Throws a retryable `service` error if the system cannot read the file at the moment.
 */
export async function readImageFile(path: string, { signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    const { size } = await regularFile(path, file);
    if (size === 0) throw invalidInput(`${path} is empty (0 bytes).`, 'Copy the file again from its source.');
    if (size > MAX_INPUT_BYTES) {
      throw invalidInput(
        `${path} has ${size} bytes, more than the limit of ${MAX_INPUT_BYTES} bytes for one image.`,
        'Save the image as a JPEG of ordinary size first.',
      );
    }
    return await file.readFile(signal === undefined ? {} : { signal });
  } catch (error) {
    throw fileError(path, error);
  }
}

async function regularFile(
  path: string,
  file: { stat(): Promise<{ size: number; isFile(): boolean; isDirectory(): boolean }> },
): Promise<{ size: number }> {
  const stat = await file.stat();
  if (stat.isDirectory()) throw invalidInput(`${path} is a folder, not an image.`, 'Use a file inside the folder.');
  if (!stat.isFile()) throw invalidInput(`${path} is not a regular file.`, 'Use an image file.');
  return stat;
}

function fileError(path: string, error: unknown): unknown {
  if (error instanceof GlobeError || (error instanceof Error && error.name === 'AbortError')) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new GlobeError({ code: 'not-found', message: `The file ${path} does not exist.`, hint: 'Check the path.' });
  }
  if (code === 'EISDIR') return invalidInput(`${path} is a folder, not an image.`, 'Use a file inside the folder.');
  if (typeof code === 'string' && BAD_PATHS.has(code)) {
    return invalidInput(`${path} cannot be read: ${messageOf(error)}.`, 'Check the path.');
  }
  const refused = code === 'EACCES' || code === 'EPERM';
  return new GlobeError({
    code: 'service',
    message: refused ? `No permission to read ${path}.` : `${path} cannot be read now: ${messageOf(error)}.`,
    hint: refused
      ? 'Change the permissions of the file, or run as its owner.'
      : 'Check the disk and the limit of open files (ulimit -n).',
    retryable: true,
    cause: error,
  });
}

/** Error codes for an invalid path, for which a retry cannot help. */
const BAD_PATHS = new Set(['ELOOP', 'ENAMETOOLONG', 'EINVAL', 'ERR_INVALID_ARG_VALUE']);
