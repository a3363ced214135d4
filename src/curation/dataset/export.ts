/**
 * Exports the rows of a dataset as JSON Lines or CSV, for programs that cannot read Parquet. Can also write the images
 * as files.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { safeCells } from '../../core/csv-cell.ts';
import { defined } from '../../core/defined.ts';
import { locatePrompt, locateTarget } from '../../prompts/locate-prompt.ts';
import { makeFolder } from '../../storage/output-file.ts';
import { openDataset } from '../../storage/dataset/read-dataset.ts';
import { solutionText } from '../../storage/dataset/row.ts';
import type { DatasetRow } from '../../storage/dataset/row.ts';

export const EXPORT_FORMATS = ['jsonl', 'csv', 'messages'] as const;
/** `jsonl` and `csv` contain the row's fields; `messages` is the chat format for supervised fine-tuning. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export type ExportOptions = {
  readonly format: ExportFormat;
  readonly out: string;
  /** Exports only this split. */
  readonly split?: string;
  /** The folder for the images. If it is set, rows contain the path of their image. */
  readonly images?: string;
  /** CSV only: does not escape texts that a spreadsheet would run as formulas. */
  readonly keepFormulas?: boolean;
  readonly signal: AbortSignal;
};

/** Returns the number of rows. */
export async function exportDataset(path: string, options: ExportOptions): Promise<number> {
  const { format, out, split, images, keepFormulas = false, signal } = options;
  if (images !== undefined) await mkdir(images, { recursive: true });
  await makeFolder(dirname(out));
  let rows = 0;
  async function* records(): AsyncGenerator<object> {
    for (const file of await openDataset(path)) {
      if (split !== undefined && file.split !== split) continue;
      const columns =
        images === undefined ? file.columns.filter((name) => name !== 'images' && name !== 'image') : file.columns;
      for await (const row of file.rows({ columns })) {
        rows += 1;
        const image = images === undefined ? undefined : await saveImage(row, { images, number: rows });
        if (format === 'messages') yield messagesOf(row, image);
        else {
          const fields = fieldsOf(row, { split: file.split, image });
          yield format === 'csv' && !keepFormulas ? safeCells(fields) : fields;
        }
      }
    }
  }
  const file = createWriteStream(out);
  if (format === 'csv') await pipeline(Readable.from(records()), stringify({ header: true }), file, { signal });
  else await pipeline(Readable.from(lines(records())), file, { signal });
  return rows;
}

async function* lines(records: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}

/** Flattens the row; lists are joined with "; ". */
function fieldsOf(row: DatasetRow, { split, image }: { split: string; image: string | undefined }): object {
  return {
    IMG_ID: row.id ?? '',
    split,
    LAT: row.coordinate?.latitudeDegrees ?? '',
    LON: row.coordinate?.longitudeDegrees ?? '',
    country: row.country,
    city: row.city,
    response: row.response,
    entities: row.entities.join('; '),
    elements: (row.elements ?? []).map(({ label }) => label).join('; '),
    scene: row.scene ?? '',
    annotator: row.annotator ?? '',
    owner: row.owner ?? '',
    licence: row.licence ?? '',
    ...defined({ image }),
  };
}

function messagesOf(row: DatasetRow, image: string | undefined): object {
  return {
    messages: [
      { role: 'user', content: `<image>${locatePrompt()}` },
      {
        role: 'assistant',
        content: locateTarget({ reasoning: row.response, country: row.country, city: row.city }),
      },
    ],
    ...(image !== undefined && { images: [image] }),
    solution: solutionText(row),
  };
}

async function saveImage(row: DatasetRow, { images, number }: { images: string; number: number }): Promise<string> {
  const [image] = row.images;
  if (image === undefined) return '';
  // Use only the base name of the path, because a dataset from a stranger must not decide where we write. The number
  // keeps files apart that have the same name in different folders.
  const name = `${String(number).padStart(6, '0')}-${basename(image.path === '' ? 'image.jpg' : image.path)}`;
  await writeFile(join(images, name), image.bytes);
  return join(images, name);
}
