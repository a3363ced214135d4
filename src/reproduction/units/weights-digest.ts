/** Identifies an existing checkpoint or judge by its weights instead of its path. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidInput, messageOf } from '../../core/errors.ts';

/** Returns the SHA-256 of the weights, in hexadecimal. Throws `invalid-input` if the folder has no model. */
export async function weightsDigest(folder: string): Promise<string> {
  const bytes = await readFile(join(folder, 'model.safetensors')).catch((error: unknown) => {
    throw invalidInput(`Cannot find a model in ${folder}: ${messageOf(error)}.`, 'Use a folder that training wrote.');
  });
  return createHash('sha256').update(bytes).digest('hex');
}
