/** Reads the files of a checkpoint folder. Errors name the missing or broken file and describe the expected folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { repositoryOnlyHint } from '../storage/package-files.ts';

/** Reads a file's bytes. Throws `not-found` with `hint`, which should describe the expected folder. */
export async function readCheckpointFile(folder: string, name: string, hint: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    const message = `${folder} has no readable ${name}: ${messageOf(cause)}.`;
    throw new GlobeError({ code: 'not-found', message, hint: repositoryOnlyHint(folder) ?? hint, cause });
  }
}

/** Reads a JSON file. Throws `not-found` if it is missing, and `invalid-input` if it is not JSON. */
export async function readCheckpointJson(folder: string, name: string, hint: string): Promise<unknown> {
  const bytes = await readCheckpointFile(folder, name, hint);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw invalidInput(`${join(folder, name)} is not JSON: ${messageOf(error)}.`, 'Restore the file from a copy.');
  }
}
