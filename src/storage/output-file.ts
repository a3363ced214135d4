/** Files and folders that the user named for results: made where they are missing, with a clear error where that fails. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { writeFileAtomic } from './atomic-file.ts';

/** Writes a file in one step, and the folders above it. Throws `invalid-input` for a path that cannot be written. */
export async function writeOutputFile(path: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  await writeFileAtomic(path, content).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw invalidInput(`${path} cannot be written: ${messageOf(error)}.`, 'Name a file that you may write to.');
  });
}

/** As `mkdir -p`; throws `invalid-input`. Node's own never ends where a file system refuses new folders by ENOENT, as Linux's /proc does. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
      await makeFolder(dirname(path));
      await mkdir(path);
    });
  } catch (error) {
    if (error instanceof GlobeError) throw error;
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory() === true) return;
    throw invalidInput(`The folder ${path} cannot be made: ${messageOf(error)}.`, 'Name one that you may write to.');
  }
}
