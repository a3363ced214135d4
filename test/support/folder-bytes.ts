/** Reads every file below a folder as hexadecimal text, by path. Tests use it to compare folders byte for byte. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function folderBytes(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(
    async (path) => [path.slice(root.length + 1), (await readFile(path)).toString('hex')] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}
