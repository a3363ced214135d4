/** Writes files and creates folders at paths that the user chose. Errors name the path. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { withoutSecrets } from '../service/redact.ts';
import { type FileContent, writeFileAtomic } from './atomic-file.ts';

/**
 * Creates the parent folders and writes the file atomically. A device or a pipe at the path is written to, not
 * replaced. Throws `invalid-input` if the path is not writable.
 */
export async function writeOutputFile(path: string, content: FileContent): Promise<void> {
  await makeFolder(dirname(path));
  const existing = await stat(path).catch(() => undefined);
  const isDevice = existing !== undefined && !existing.isFile() && !existing.isDirectory();
  await (isDevice ? writeFile(path, secretFree(content)) : writeFileAtomic(path, content)).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw invalidInput(`Cannot write ${path}: ${messageOf(error)}.`, 'Choose a path that you can write to.');
  });
}

const secretFree = (content: FileContent): string | Uint8Array =>
  content instanceof Uint8Array
    ? content
    : withoutSecrets(typeof content === 'string' ? content : [...content].join(''));

/**
 * Creates a folder and its parents, like `mkdir -p`. Throws `invalid-input` on failure. Does not use Node's recursive
 * `mkdir`, because it hangs for paths in /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
      await makeFolder(dirname(path));
      await mkdir(path);
    });
  } catch (error) {
    if (error instanceof GlobeError) throw error;
    const existing = await stat(path).catch(() => undefined);
    if (existing?.isDirectory() === true) return;
    throw invalidInput(
      `Cannot create the folder ${path}: ${messageOf(error)}.`,
      'Choose a path that you can write to.',
    );
  }
}
