/**
 * A cache of geocoding results in one JSON Lines file. Opening the cache reads the whole file. Each new result appends
 * one line. If the process was killed while writing, the incomplete last line is removed, and the query of that line is
 * sent again.
 */
import { appendFile, mkdir, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { withoutSecrets } from '../../service/redact.ts';
import type { GeocodeCache, RemoteResult } from './remote.ts';

const lineSchema = z.object({
  key: z.string(),
  result: z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('found') }),
    z.looseObject({ kind: z.literal('notFound') }),
  ]),
});

export async function openFileCache(path: string): Promise<GeocodeCache> {
  await mkdir(dirname(path), { recursive: true });
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  const answers = new Map<string, RemoteResult>();
  for (const line of whole.split('\n').filter(Boolean)) {
    const { key, result } = lineSchema.parse(JSON.parse(line));
    answers.set(key, result as unknown as RemoteResult);
  }
  return {
    get: (key) => answers.get(key),
    set: async (key, result) => {
      answers.set(key, result);
      await appendFile(path, `${withoutSecrets(JSON.stringify({ key, result }))}\n`);
    },
  };
}
