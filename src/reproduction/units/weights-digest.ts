/** A checkpoint or judge that units start from, identified by its weights and not by its path. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidInput, messageOf } from '../../core/errors.ts';

/** Hex SHA-256. Throws `invalid-input` where the folder holds no model. */
export async function weightsDigest(folder: string): Promise<string> {
  const bytes = await readFile(join(folder, 'model.safetensors')).catch((error: unknown) => {
    throw invalidInput(`${folder} holds no model: ${messageOf(error)}.`, 'Name a folder that training wrote.');
  });
  return createHash('sha256').update(bytes).digest('hex');
}
