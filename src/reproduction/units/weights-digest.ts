/** Identifies an existing checkpoint or judge by its weights, not by its path. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidInput, messageOf } from '../../core/errors.ts';

/** Hex SHA-256 of the weights. Throws `invalid-input` when the folder has no model. */
export async function weightsDigest(folder: string): Promise<string> {
  const bytes = await readFile(join(folder, 'model.safetensors')).catch((error: unknown) => {
    throw invalidInput(`Cannot find a model in ${folder}: ${messageOf(error)}.`, 'Use a folder that training wrote.');
  });
  return createHash('sha256').update(bytes).digest('hex');
}
