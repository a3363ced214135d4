/** Reads the files of a checkpoint's folder; errors name the missing or broken file and the expected folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { repositoryOnlyHint } from '../storage/package-files.ts';

/** `hint` describes the expected kind of folder. Throws `not-found`. */
export async function readCheckpointFile(folder: string, name: string, hint: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    const message = `${folder} has no readable ${name}: ${messageOf(cause)}.`;
    throw new GlobeError({ code: 'not-found', message, hint: repositoryOnlyHint(folder) ?? hint, cause });
  }
}

/** Throws `not-found`, or `invalid-input` if the file is not JSON. */
export async function readCheckpointJson(folder: string, name: string, hint: string): Promise<unknown> {
  const bytes = await readCheckpointFile(folder, name, hint);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw invalidInput(`${join(folder, name)} is not JSON: ${messageOf(error)}.`);
  }
}
