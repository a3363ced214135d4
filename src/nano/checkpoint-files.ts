/**
 * Reads and writes the files of a checkpoint folder. digests.json has the SHA-256 of each file, so that reading a
 * changed file throws an error. Folders without digests.json, from older versions or other programs, are read without
 * this check. Errors name the missing or broken file and describe the expected folder.
 */
import { hash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import { withoutSecrets } from '../service/redact.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import { repositoryOnlyHint } from '../storage/package-files.ts';
import { readJsonIfPresent } from '../storage/read-document.ts';
import { readSafetensors, type Safetensors } from '../tensor/index.ts';

const DIGESTS_FILE = 'digests.json';

/** Version of digests.json. */
const FORMAT = 1;

const DIGESTS = {
  name: 'list of digests',
  schema: z.object({
    format: z.literal(FORMAT, { error: 'the checkpoint is from a newer version of GLOBE: upgrade' }),
    files: z.record(z.string(), z.string()),
  }),
  hint: `Restore ${DIGESTS_FILE} from a copy, or remove it to read the checkpoint unchecked.`,
};

/** Files without a digest, because people may edit them. */
const UNCHECKED = new Set(['README.md']);

export type CheckpointFile = { readonly name: string; readonly content: string | Uint8Array };

/**
 * Writes the files in the given order, then their digests. Put the weights last: a folder with weights is then a
 * complete checkpoint.
 */
export async function writeCheckpointFiles(folder: string, files: readonly CheckpointFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Old digests are removed first. If the process is killed while it writes, the folder then has no digests instead of
  // digests that contradict the new files.
  await rm(join(folder, DIGESTS_FILE), { force: true });
  const digests: Record<string, string> = {};
  for (const { name, content: given } of files) {
    const content = typeof given === 'string' ? withoutSecrets(given) : given;
    await writeFileAtomic(join(folder, name), content);
    if (!UNCHECKED.has(name)) digests[name] = hash('sha256', content);
  }
  await writeFileAtomic(join(folder, DIGESTS_FILE), `${JSON.stringify({ format: FORMAT, files: digests }, null, 2)}\n`);
}

/**
 * Reads a file's bytes. `hint` should describe the expected folder. Throws `not-found` with this hint if the file is
 * missing, and `invalid-input` if the file has changed since it was written.
 */
export async function readCheckpointFile(folder: string, name: string, hint: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(folder, name));
  } catch (cause) {
    const message = `${folder} has no readable ${name}: ${messageOf(cause)}.`;
    throw new GlobeError({ code: 'not-found', message, hint: repositoryOnlyHint(folder) ?? hint, cause });
  }
  const digests = await readJsonIfPresent(join(folder, DIGESTS_FILE), DIGESTS);
  const expected = digests?.files[name];
  if (expected !== undefined && expected !== hash('sha256', bytes)) {
    throw invalidInput(
      `${join(folder, name)} has changed since it was written: its digest does not match.`,
      `Restore the file from a copy, or train again. If you changed it on purpose, remove ${join(folder, DIGESTS_FILE)}.`,
    );
  }
  return bytes;
}

/**
 * Reads a JSON file. Throws `not-found` if the file is missing, and `invalid-input` if it is not JSON or has changed
 * since it was written.
 */
export async function readCheckpointJson(folder: string, name: string, hint: string): Promise<unknown> {
  const bytes = await readCheckpointFile(folder, name, hint);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw invalidInput(`${join(folder, name)} is not JSON: ${messageOf(error)}.`, 'Restore the file from a copy.');
  }
}

/**
 * Reads a safetensors file. Throws like `readCheckpointFile`, and `invalid-input` if a tensor has a value that is not a
 * finite number.
 */
export async function readCheckpointTensors(folder: string, name: string, hint: string): Promise<Safetensors> {
  return readTensors(await readCheckpointFile(folder, name, hint), join(folder, name));
}

/**
 * Parses the bytes of the safetensors file at `path`. Throws `invalid-input` with the path and, if a tensor is invalid,
 * the tensor's name.
 */
export function readTensors(bytes: Uint8Array, path: string): Safetensors {
  let tensors: Safetensors;
  try {
    tensors = readSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof GlobeError)) throw error;
    throw invalidInput(`${path}: ${error.message}`, error.hint);
  }
  for (const [name, { data }] of Object.entries(tensors.arrays)) {
    const index = data.findIndex((value) => !Number.isFinite(value));
    if (index === -1) continue;
    throw invalidInput(
      `${path}: the tensor "${name}" has the value ${data[index]} at index ${index}; weights must be finite numbers.`,
      'The file is damaged, or the training diverged: restore it, or train again with a lower learning rate.',
    );
  }
  return tensors;
}
