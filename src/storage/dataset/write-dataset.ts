/**
 * Writes rows as the Parquet files of one split, in the Hugging Face layout `data/SPLIT-00000-of-00002.parquet`. Each
 * row group is written when it is full, so memory holds only one. The same rows always give the same bytes.
 */
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { holdsImages, huggingFaceInfo, parquetSchema } from './columns.ts';
import { COLUMNS, toCells } from './row.ts';
import type { DatasetRow } from './row.ts';

/** Rows in a row group: Hugging Face's value for images, so that its viewer reads few bytes to show a page. */
const ROW_GROUP_ROWS = 100;
/** Approximate maximum of image bytes in a file; Hugging Face uses the same limit. */
const FILE_BYTES = 500 * 2 ** 20;

export type SplitWriter = {
  add(row: DatasetRow): Promise<void>;
  /** Writes the remaining rows and gives the files their final names. Returns the names and the number of rows. */
  finish(): Promise<{ files: readonly string[]; rows: number }>;
};

export type SplitWriterOptions = { readonly folder: string; readonly split: string; readonly fileBytes?: number };

type OpenFile = { readonly path: string; readonly writer: ParquetWriter; bytes: number };

/** Creates a writer. If no row is added, it writes no file. */
export function createSplitWriter({ folder, split, fileBytes = FILE_BYTES }: SplitWriterOptions): SplitWriter {
  const paths: string[] = [];
  let file: OpenFile | undefined;
  let group: DatasetRow[] = [];
  let rows = 0;

  const writeGroup = async (): Promise<void> => {
    if (group.length === 0) return;
    if (file === undefined) {
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${split}-${String(paths.length).padStart(5, '0')}.part`);
      paths.push(path);
      file = { path, writer: openParquet(path), bytes: 0 };
    }
    const cells = group.map(toCells);
    await file.writer.write({
      rowGroupSize: group.length,
      columnData: COLUMNS.map((column) => ({
        name: column.name,
        data: cells.map((row) => row[column.name]),
        ...(holdsImages(column) && { codec: 'UNCOMPRESSED' as const, statistics: false, encoding: 'PLAIN' as const }),
      })),
    });
    file.bytes += group.reduce(
      (sum, { images }) => sum + images.reduce((all, image) => all + image.bytes.length, 0),
      0,
    );
    group = [];
    if (file.bytes >= fileBytes) await closeFile();
  };

  const closeFile = async (): Promise<void> => {
    if (file === undefined) return;
    await file.writer.finish();
    await using handle = await open(file.path, 'r+');
    await handle.sync();
    file = undefined;
  };

  return {
    add: async (row) => {
      group.push(row);
      rows += 1;
      if (group.length === ROW_GROUP_ROWS) await writeGroup();
    },
    finish: async () => {
      await writeGroup();
      await closeFile();
      const files = paths.map((_, i) => `${split}-${padded(i)}-of-${padded(paths.length)}.parquet`);
      for (const [i, name] of files.entries()) await rename(paths[i]!, join(folder, name));
      return { files, rows };
    },
  };
}

const padded = (n: number): string => String(n).padStart(5, '0');

function openParquet(path: string): ParquetWriter {
  return new ParquetWriter({
    writer: fileWriter(path),
    schema: parquetSchema(COLUMNS),
    kvMetadata: [{ key: 'huggingface', value: huggingFaceInfo(COLUMNS) }],
    // Contains no version, so that every release writes the same bytes for the same rows.
    createdBy: 'globe-geolocation',
  });
}
