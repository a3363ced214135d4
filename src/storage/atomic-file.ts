/**
 * Writes a file under a temporary name, then renames it. If the process dies, `path` holds the complete old file or the
 * complete new one. Texts are written without the secrets of this process.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withoutSecrets } from '../service/redact.ts';

/** Text or bytes, or the parts of a long text. A secret must not be divided between two parts. */
export type FileContent = string | Uint8Array | Iterable<string>;

/**
 * Replaces `path` with `content` atomically. The temporary file is in the same folder, because a rename between file
 * systems is not atomic.
 */
export async function writeFileAtomic(path: string, content: FileContent): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      for (const part of parts) await handle.writeFile(typeof part === 'string' ? withoutSecrets(part) : part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Flushes the rename to disk. Does nothing on systems that cannot open a folder, such as Windows. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}
