/**
 * An append-only JSON Lines file that stays readable if the process is killed at any moment. A record counts as written
 * once its final line feed is on disk. Opening the log removes an incomplete last line and reports its size. A damaged
 * line before the last is an error.
 */
import { open, readFile } from 'node:fs/promises';
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
  /** Waits for pending records, flushes them to disk and closes the file. */
  close(): Promise<void>;
};

/** Opens or creates the log at `path`. Throws `invalid-input` if a complete line is damaged. */
export async function openAppendLog<T = unknown>(path: string, options: LogOptions<T> = {}): Promise<AppendLog<T>> {
  const handle = await open(path, 'a+');
  try {
    const bytes = await readFile(path);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end < bytes.length) await handle.truncate(end);
    const records = parseLogLines(bytes.subarray(0, end).toString('utf8'), path, options);
    return { records, tornBytes: bytes.length - end, ...writer(handle, options) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Creates the functions that write. Each record is one `appendFile` call, which starts after the previous record is
 * written.
 */
function writer(handle: FileHandle, { digests = false }: LogOptions<unknown>): Pick<AppendLog, 'append' | 'close'> {
  let last: Promise<void> = Promise.resolve();
  return {
    append: (record) => {
      const line = `${digests ? logLine(record) : recordText(record)}\n`;
      last = last.then(() => handle.appendFile(line));
      return last;
    },
    close: async () => {
      try {
        await last;
        await handle.datasync();
      } finally {
        await handle.close();
      }
    },
  };
}
