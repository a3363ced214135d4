/**
 * Writes rows as the Parquet files of one split, in the Hugging Face layout `data/SPLIT-00000-of-00002.parquet`. Each
 * row group is written as soon as it is full, so only one is in memory. The same rows always produce the same bytes.
 */
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { holdsImages, huggingFaceInfo, parquetSchema } from './columns.ts';
import { COLUMNS, toCells } from './row.ts';
import { valueWithoutSecrets } from '../../service/redact.ts';
import type { DatasetRow } from './row.ts';

/** Rows per row group. Hugging Face uses this value for image datasets, so that its viewer reads few bytes per page. */
const ROW_GROUP_ROWS = 100;
/** Approximate maximum size of the images in one file. Hugging Face uses the same limit. */
const FILE_BYTES = 500 * 2 ** 20;

export type SplitWriter = {
  add(row: DatasetRow): Promise<void>;
  /**
   * Writes the remaining rows and renames the files to their final names. Returns these names and the number of rows.
   */
  finish(): Promise<{ files: readonly string[]; rows: number }>;
};

export type SplitWriterOptions = { readonly folder: string; readonly split: string; readonly fileBytes?: number };

type OpenFile = { readonly path: string; readonly writer: ParquetWriter; bytes: number };

/** Creates a writer for one split. It creates no file until a row is added. */
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
      group.push(valueWithoutSecrets(row));
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
    // The value contains no version, so that every release writes the same bytes for the same rows.
    createdBy: 'globe-geolocation',
  });
}
