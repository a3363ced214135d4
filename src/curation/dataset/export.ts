/**
 * Exports a split of a dataset, either as JSON Lines or CSV for programs that cannot read Parquet, or in the format of
 * a training library. The file appears only when it is complete.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { safeCells } from '../../core/csv-cell.ts';
import { invalidInput } from '../../core/errors.ts';
import { valueWithoutSecrets } from '../../service/redact.ts';
import { makeFolder } from '../../storage/output-file.ts';
import { openDataset } from '../../storage/dataset/read-dataset.ts';
import type { DatasetFile } from '../../storage/dataset/read-dataset.ts';
import type { DatasetRow } from '../../storage/dataset/row.ts';
import { fieldsOf, isTrainingFormat, tableCells, trainingRecord } from './export-forms.ts';
import type { ExportFormat } from './export-forms.ts';

export type ExportOptions = {
  readonly format: ExportFormat;
  readonly out: string;
  /**
   * The split to export. The default is `train`. `all` exports every split. Training formats reject `all`, because it
   * would mix training and test rows.
   */
  readonly split?: string;
  /**
   * Folder for the images. Training formats always write images; their default is the folder `NAME-images` beside
   * `NAME.jsonl`. `jsonl` and `csv` write images only if this option is set.
   */
  readonly images?: string;
  /** CSV only: leaves texts that a spreadsheet would run as formulas unescaped. */
  readonly keepFormulas?: boolean;
  /** In GRPO formats, also exports rows that the reward `visual` cannot score. */
  readonly withoutVisual?: boolean;
  readonly signal: AbortSignal;
};

export type Exported = {
  readonly rows: number;
  readonly split: string;
  /** Absolute path of the folder with the images; absent if none were written. */
  readonly images?: string;
  /**
   * Number of rows without elements. For these rows, the reward `visual` uses the entities of the row's own reasoning
   * text.
   */
  readonly withoutElements: number;
};

const ALL = 'all';

/**
 * Exports the rows of a split. Throws `invalid-input` if the dataset has no such split, if a training format would mix
 * splits or lack an image, or if a row of a GRPO format could not be scored by the rewards.
 *
 * @example const { rows } = await exportDataset('runs/mine', { format: 'trl-grpo', out: 'grpo.jsonl', signal });
 */
export async function exportDataset(path: string, options: ExportOptions): Promise<Exported> {
  const { format, split = 'train', signal } = options;
  const out = resolve(options.out);
  const isTraining = isTrainingFormat(format);
  if (isTraining && split === ALL) {
    throw invalidInput(
      `--format ${format} would mix the test split into the training data.`,
      'Export each split to its own file: --split train, --split test.',
    );
  }
  const files = filesOf(await openDataset(path), { path, split });
  const { withoutElements, unscorable } = await countElements(files);
  if ((format === 'trl-grpo' || format === 'verl') && options.withoutVisual !== true) {
    assertScorable(unscorable, { path, split });
  }
  const images = options.images ?? (isTraining ? imagesBeside(out) : undefined);
  const folder = images === undefined ? undefined : resolve(images);
  await makeFolder(dirname(out));
  if (folder !== undefined) await mkdir(folder, { recursive: true });

  let rows = 0;
  async function* records(): AsyncGenerator<object> {
    for (const file of files) {
      const columns =
        folder === undefined ? file.columns.filter((name) => name !== 'images' && name !== 'image') : file.columns;
      for await (const row of file.rows({ columns })) {
        const index = rows++;
        const image = folder === undefined ? undefined : await saveImage(row, { folder, number: rows });
        if (isTraining) {
          if (image === undefined) throw imageless(row, { path, format, number: rows });
          yield valueWithoutSecrets(trainingRecord(row, format, { split: file.split, image, index }));
        } else {
          yield valueWithoutSecrets(fieldsOf(row, { split: file.split, image }));
        }
      }
    }
  }
  const part = `${out}.part`;
  try {
    const file = createWriteStream(part);
    if (format === 'csv') {
      await pipeline(Readable.from(csvCells(records(), options)), stringify({ header: true }), file, { signal });
    } else {
      await pipeline(Readable.from(jsonLines(records())), file, { signal });
    }
    await rename(part, out);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return { rows, split, withoutElements, ...(folder !== undefined && { images: folder }) };
}

/** Returns the files of a split. Throws `invalid-input` if the split has no files. */
function filesOf(
  files: readonly DatasetFile[],
  { path, split }: { path: string; split: string },
): readonly DatasetFile[] {
  if (split === ALL) return files;
  const found = files.filter((file) => file.split === split);
  if (found.length > 0) return found;
  const splits = [...new Set(files.map((file) => file.split))].sort();
  throw invalidInput(`${path} has no split "${split}".`, `Its splits are: ${splits.join(', ')}.`);
}

/**
 * Counts two kinds of rows: rows without elements, and rows with neither elements nor entities. Does not read images.
 */
async function countElements(files: readonly DatasetFile[]): Promise<{ withoutElements: number; unscorable: number }> {
  const counts = { withoutElements: 0, unscorable: 0 };
  for (const file of files) {
    for await (const { elements, entities } of file.rows({ columns: ['elements', 'entities'] })) {
      if (elements?.length) continue;
      counts.withoutElements += 1;
      if (entities.length === 0) counts.unscorable += 1;
    }
  }
  return counts;
}

/**
 * If no completion has a total reward, the trainer's loss is 0. Some trainers then still exit with code 0, so the
 * export fails here instead.
 */
function assertScorable(unscorable: number, { path, split }: { path: string; split: string }): void {
  if (unscorable === 0) return;
  throw invalidInput(
    `${unscorable} rows of the split ${split} of ${path} have neither elements nor entities, so the reward "visual" cannot score them.`,
    'Curate with a segmentation (--mode full), or add --without-visual if the weights of your rewards leave out "visual".',
  );
}

function imageless(
  row: DatasetRow,
  { path, format, number }: { path: string; format: ExportFormat; number: number },
): Error {
  return invalidInput(
    `${path}: row ${row.id ?? number} has no image, but --format ${format} needs one in every row.`,
    'Use a dataset with images, or --format jsonl.',
  );
}

async function* csvCells(
  records: AsyncIterable<object>,
  { keepFormulas = false }: ExportOptions,
): AsyncGenerator<object> {
  for await (const record of records) {
    const cells = tableCells(record as ReturnType<typeof fieldsOf>);
    yield keepFormulas ? cells : safeCells(cells);
  }
}

async function* jsonLines(records: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}

const imagesBeside = (out: string): string => join(dirname(out), `${basename(out, extname(out))}-images`);

async function saveImage(
  row: DatasetRow,
  { folder, number }: { folder: string; number: number },
): Promise<string | undefined> {
  const [image] = row.images;
  if (image === undefined) return undefined;
  // Only the base name of the path is used, because a downloaded dataset must not choose where files are written. The
  // number distinguishes files with the same base name.
  const name = `${String(number).padStart(6, '0')}-${basename(image.path === '' ? 'image.jpg' : image.path)}`;
  const path = join(folder, name);
  await writeFile(path, image.bytes);
  return path;
}
