/** Finds real data outside the repository. If the data is absent, the test prints the reason and is skipped. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env['GLOBE_SHARED_DATA'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

/**
 * Returns the path of a file or folder of the shared data. If it is absent, prints the reason and returns undefined.
 */
export function sharedData(...parts: readonly string[]): string | undefined {
  const path = join(folder, ...parts);
  if (existsSync(path)) return path;
  process.stderr.write(`Skipped: ${path} does not exist (set GLOBE_SHARED_DATA to the folder of the shared data).\n`);
  return undefined;
}
