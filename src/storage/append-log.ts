/**
 * An append-only JSON Lines file that survives a kill at any byte. A record counts once its line feed is on disk.
 * Opening the log cuts off a torn last line and reports its size. A damaged line before the last is an error, never
 * skipped.
 */
import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { invalidInput } from '../core/errors.ts';

const LINE_FEED = 0x0a;

export type AppendLog = {
  /** The records found when the log was opened, oldest first. */
  readonly records: readonly unknown[];
  /** Bytes of a torn last line that were cut off; 0 for a clean log. */
  readonly tornBytes: number;
  /** Adds one record. Calls may overlap: records keep the order of the calls. */
  append(record: unknown): Promise<void>;
  /** Waits for pending records and closes the file. */
  close(): Promise<void>;
};

/** Opens or creates the log at `path`. Throws `invalid-input` when a complete line is not JSON. */
export async function openAppendLog(path: string): Promise<AppendLog> {
  const handle = await open(path, 'a+');
  try {
    const bytes = await readFile(path);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end < bytes.length) await handle.truncate(end);
    const records = parseLines(bytes.subarray(0, end).toString('utf8'), path);
    return { records, tornBytes: bytes.length - end, ...writer(handle) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function parseLines(text: string, path: string): unknown[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      try {
        return JSON.parse(line) as unknown;
      } catch (error) {
        throw invalidInput(
          `${path}, line ${index + 1} is not JSON: ${(error as Error).message}`,
          'An interrupted run cannot cause this damage. Remove the line and run the same command again: it makes the record again.',
        );
      }
    });
}

/** Writes each line with one call, queued behind the previous one. */
function writer(handle: FileHandle): Pick<AppendLog, 'append' | 'close'> {
  let last: Promise<void> = Promise.resolve();
  return {
    append: (record) => {
      const line = `${JSON.stringify(record)}\n`;
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
