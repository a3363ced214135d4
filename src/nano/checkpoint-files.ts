/** Reads the files of a checkpoint's folder, and says which is missing or broken and what the folder should be. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { repositoryOnlyHint } from '../storage/package-files.ts';

/** `hint` says what kind of folder it should be. Throws `not-found`. */
export async function readCheckpointFile(folder: string, name: string, hint: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    const message = `${folder} has no readable ${name}: ${messageOf(cause)}.`;
    throw new GlobeError({ code: 'not-found', message, hint: repositoryOnlyHint(folder) ?? hint, cause });
  }
}

/** Throws `not-found`, or `invalid-input` for what is not JSON. */
export async function readCheckpointJson(folder: string, name: string, hint: string): Promise<unknown> {
  const bytes = await readCheckpointFile(folder, name, hint);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw invalidInput(`${join(folder, name)} is not JSON: ${messageOf(error)}.`);
  }
}
