/** Writes JSON Lines files under a temporary name and renames them when they are complete. */
import { open, rename } from 'node:fs/promises';
import { recordText } from './log-line.ts';

/** The writer buffers lines until it has at least this many characters. */
const BUFFERED_CHARACTERS = 2 ** 16;

export type LineWriter<T> = {
  /** Adds one line for each value. Await each call before the next one. */
  add(values: readonly T[]): Promise<void>;
  /** Renames the complete file to its final name. */
  finish(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Opens `path.part` for writing; `finish` renames it to `path`. */
export async function createLineWriter<T>(path: string): Promise<LineWriter<T>> {
  const temporary = `${path}.part`;
  const handle = await open(temporary, 'w');
  let buffered = '';
  const flush = async (): Promise<void> => {
    const text = buffered;
    buffered = '';
    if (text !== '') await handle.writeFile(text);
  };
  return {
    add: async (values) => {
      buffered += values.map((value) => `${recordText(value)}\n`).join('');
      if (buffered.length >= BUFFERED_CHARACTERS) await flush();
    },
    finish: async () => {
      await flush();
      await handle.sync();
      await handle.close();
      await rename(temporary, path);
    },
    // Closing the handle again after `finish` has no effect.
    [Symbol.asyncDispose]: async () => handle.close(),
  };
}
