/**
 * An append-only JSON Lines file that stays readable if the process is killed at any moment. A record counts as written
 * once its final line feed is on disk. Opening the log removes an incomplete last line and reports its size. A damaged
 * line before the last is an error.
 */
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { type LogOptions, logLine, parseLogLines, recordText } from './log-line.ts';

const LINE_FEED = 0x0a;

export type AppendLog<T = unknown> = {
  /** The records found when the log was opened, oldest first. */
  readonly records: readonly T[];
  /** Size in bytes of the incomplete last line that opening the log removed; 0 if the last line was complete. */
  readonly tornBytes: number;
  /** Appends one record. Callers need not await it before the next call, because records are written in call order. */
  append(record: unknown): Promise<void>;
  /**
   * The first error of a write, or undefined. With held-back space the record of that write is still on disk, but no
   * further work should start.
   */
  failure(): unknown;
  /** Waits for pending records, flushes them to disk and closes the file. */
  close(): Promise<void>;
};

export type AppendLogOptions<T> = LogOptions<T> & {
  /**
   * Bytes of disk space to hold back in a file beside the log. If the disk becomes full, the space is released, so that
   * records which already exist can still be written. By default no space is held back.
   */
  readonly reserveBytes?: number;
};

/** Opens or creates the log at `path`. Throws `invalid-input` if a complete line is damaged. */
export async function openAppendLog<T = unknown>(
  path: string,
  options: AppendLogOptions<T> = {},
): Promise<AppendLog<T>> {
  const handle = await open(path, 'a+');
  try {
    const bytes = await readFile(path);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end < bytes.length) await handle.truncate(end);
    const records = parseLogLines(bytes.subarray(0, end).toString('utf8'), path, options);
    const reserve =
      options.reserveBytes === undefined ? undefined : await holdSpace(`${path}.reserve`, options.reserveBytes);
    return { records, tornBytes: bytes.length - end, ...writer(handle, { ...options, end, reserve }) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Writes a file of the size, whose removal frees disk space. Returns the function that removes it. */
async function holdSpace(path: string, bytes: number): Promise<() => Promise<void>> {
  await writeFile(path, Buffer.alloc(bytes, 1));
  return async () => rm(path, { force: true });
}

type WriterOptions = LogOptions<unknown> & {
  /** Size of the log in bytes. */
  readonly end: number;
  readonly reserve: (() => Promise<void>) | undefined;
};

/**
 * Creates the functions that write. Each record is one `appendFile` call, which starts after the previous record is
 * written.
 */
function writer(
  handle: FileHandle,
  { digests = false, end, reserve }: WriterOptions,
): Pick<AppendLog, 'append' | 'close' | 'failure'> {
  let last: Promise<void> = Promise.resolve();
  let size = end;
  let failure: unknown;
  const write = async (line: string): Promise<void> => {
    try {
      await handle.appendFile(line);
    } catch (error) {
      failure ??= error;
      if (reserve === undefined) throw error;
      // Remove the part of the line that fitted, then write it into the space that was held back.
      await handle.truncate(size);
      await reserve();
      await handle.appendFile(line);
    }
    size += Buffer.byteLength(line);
  };
  return {
    failure: () => failure,
    append: (record) => {
      const line = `${digests ? logLine(record) : recordText(record)}\n`;
      last = last.then(() => write(line));
      return last;
    },
    close: async () => {
      try {
        await last;
        await handle.datasync();
      } finally {
        await handle.close();
        await reserve?.();
      }
    },
  };
}
