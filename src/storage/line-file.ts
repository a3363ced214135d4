/** JSON Lines files that are written from the first line to the last and get their name when they are whole. */
import { open, rename } from 'node:fs/promises';

/** Lines are written this many characters at a time, or more. */
const BUFFERED_CHARACTERS = 2 ** 16;

export type LineWriter<T> = {
  /** To be awaited before the next call. */
  add(values: readonly T[]): Promise<void>;
  /** Gives the file its name: it is whole. */
  finish(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Writes beside `path` until `finish`. */
export async function createLineWriter<T>(path: string): Promise<LineWriter<T>> {
  const temporary = `${path}.part`;
  const handle = await open(temporary, 'w');
  let waiting = '';
  const flush = async (): Promise<void> => {
    const text = waiting;
    waiting = '';
    if (text !== '') await handle.writeFile(text);
  };
  return {
    add: async (values) => {
      waiting += values.map((value) => `${JSON.stringify(value)}\n`).join('');
      if (waiting.length >= BUFFERED_CHARACTERS) await flush();
    },
    finish: async () => {
      await flush();
      await handle.sync();
      await handle.close();
      await rename(temporary, path);
    },
    // Closing twice is harmless.
    [Symbol.asyncDispose]: async () => handle.close(),
  };
}
