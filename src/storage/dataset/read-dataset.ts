/**
 * Reads reasoning datasets in Parquet: our own, and the authors' published MP16-Reason files, which have only the
 * columns `images`, `response`, `__#solution` and `entities`. Reads one row group at a time and only the requested
 * columns, so image bytes are read only when they are requested.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput, messageOf } from '../../core/errors.ts';
import { checkRunFile } from '../run-manifest.ts';
import { coordinateOf, images, imagesOf, number, text } from './cells.ts';
import { parseSolution } from './row.ts';
import type { DatasetRow, RowAnnotation } from './row.ts';

export type DatasetFile = {
  readonly path: string;
  /** The split that the file name contains; 'train' if it contains none. */
  readonly split: string;
  readonly rowCount: number;
  readonly columns: readonly string[];
  /** Yields the rows in file order with the requested columns (default: all columns). */
  rows(options?: { readonly columns?: readonly string[] }): AsyncIterable<DatasetRow>;
};

/**
 * Opens one Parquet file, or every Parquet file in a folder or in its subfolder `data`. Throws `not-found` or
 * `invalid-input`.
 */
export async function openDataset(path: string): Promise<DatasetFile[]> {
  const paths = await parquetFiles(path);
  return Promise.all(paths.map(openFile));
}

async function parquetFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => {
    throw new GlobeError({
      code: 'not-found',
      message: `The file or folder ${path} does not exist.`,
      hint: 'Check the path.',
    });
  });
  if (found.isFile()) return [path];
  for (const folder of [path, join(path, 'data'), join(path, 'dataset', 'data')]) {
    const names = await readdir(folder).catch((): string[] => []);
    const files = names.filter((name) => name.endsWith('.parquet')).sort();
    if (files.length > 0) return files.map((name) => join(folder, name));
  }
  throw invalidInput(
    `${path} contains no Parquet file.`,
    'Use a .parquet file, a dataset folder or the folder of a run.',
  );
}

async function openFile(path: string): Promise<DatasetFile> {
  await checkRunFile(path);
  let file: AsyncBuffer;
  let metadata: FileMetaData;
  try {
    file = await asyncBufferFromFile(path);
    metadata = await parquetMetadataAsync(file);
  } catch (error) {
    throw invalidInput(
      `${path} is not a Parquet file: ${messageOf(error)}.`,
      'The file may be incomplete: copy it again.',
    );
  }
  const columns = topLevel(metadata);
  if (!columns.includes('__#solution') && !columns.includes('country')) {
    throw invalidInput(
      `${path} is not a reasoning dataset: its columns are ${columns.join(', ')}.`,
      'Store the place in the column "__#solution", or in the columns "country" and "city".',
    );
  }
  return {
    path,
    split: /^(train|test|validation)\b/.exec(basename(path))?.[1] ?? 'train',
    rowCount: Number(metadata.num_rows),
    columns,
    rows: (options) => readRows({ path, file, metadata, columns, requested: options?.columns }),
  };
}

/** Returns the column names: the children of the schema's root. */
function topLevel({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let child = 0; child < (schema[at]!.num_children ?? 0); child++) next = skip(next);
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) names.push(schema[at]!.name);
  return names;
}

type ReadOptions = {
  readonly path: string;
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly columns: readonly string[];
  readonly requested: readonly string[] | undefined;
};

async function* readRows({ path, file, metadata, columns, requested }: ReadOptions): AsyncGenerator<DatasetRow> {
  const chosen = columns.filter((name) => requested === undefined || requested.includes(name));
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    // By default, the reader decodes byte arrays without a string type as text, which would corrupt images.
    const records = await parquetReadObjects({
      file,
      metadata,
      columns: chosen,
      rowStart,
      rowEnd,
      compressors,
      utf8: false,
    });
    for (const [i, record] of records.entries()) yield rowOf(record, { path, number: rowStart + i + 1 });
    rowStart = rowEnd;
  }
}

const list = <T extends z.ZodType>(of: T) => z.array(of).nullish();

const cellsSchema = z.looseObject({
  IMG_ID: text,
  LAT: number,
  LON: number,
  country: text,
  city: text,
  images,
  image: images,
  response: text,
  '__#solution': text,
  entities: list(z.union([z.looseObject({ text }), text.transform((entity) => ({ text: entity }))])),
  elements: list(z.looseObject({ label: z.string(), share: number })),
  scene: text,
  annotator: text,
  prompt_version: text,
  mode: text,
  annotations: list(
    z.looseObject({
      annotator: z.string(),
      localizable: z.boolean().nullish(),
      country: text,
      city: text,
      latitude: number,
      longitude: number,
      confidence: number,
      reasoning: text,
      evidence: list(z.looseObject({ thing: z.string(), attribute: text, text, supports: text })),
    }),
  ),
  gates: list(z.looseObject({ gate: z.string(), passed: z.boolean(), score: number, reason: z.string() })),
  owner: text,
  licence: text,
  hash: text,
  review: text,
});

type Cells = z.infer<typeof cellsSchema>;

function rowOf(record: unknown, { path, number: row }: { path: string; number: number }): DatasetRow {
  const parsed = cellsSchema.safeParse(record);
  const where = `${path}, row ${row}`;
  if (!parsed.success) {
    throw invalidInput(`${where} is not a row of a reasoning dataset: ${z.prettifyError(parsed.error)}`);
  }
  const cells = parsed.data;
  const solution = parseSolution(cells['__#solution'] ?? '');
  const elements = cells.elements?.map(({ label, share }) => ({ label, share: share ?? 0 }));
  return {
    country: cells.country ?? solution.country,
    city: cells.city ?? solution.city,
    images: imagesOf(cells.images ?? cells.image, where),
    response: cells.response ?? '',
    entities: (cells.entities ?? []).flatMap(({ text: entity }) => (entity == null ? [] : [entity])),
    ...(cells.IMG_ID != null && { id: cells.IMG_ID }),
    ...coordinateOf({ latitude: cells.LAT, longitude: cells.LON }, `${where}, columns LAT and LON`),
    ...defined({ elements }),
    ...textFields(cells),
    ...(cells.annotations != null && { annotations: cells.annotations.map((cell) => annotationOf(cell, where)) }),
    ...(cells.gates != null && {
      gates: cells.gates.map(({ gate, passed, score, reason }) => ({
        gate,
        passed,
        reason,
        ...(score != null && { score }),
      })),
    }),
  };
}

function textFields(cells: Cells): Partial<DatasetRow> {
  const { scene, annotator, prompt_version: promptVersion, mode, owner, licence, hash, review } = cells;
  const fields = { scene, annotator, promptVersion, mode, owner, licence, hash, review };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
}

function annotationOf(cells: NonNullable<Cells['annotations']>[number], where: string): RowAnnotation {
  const { annotator, localizable, country, city, latitude, longitude, confidence, reasoning, evidence } = cells;
  return {
    annotator,
    ...(localizable != null && { localizable }),
    ...(country != null && { country }),
    ...(city != null && { city }),
    ...coordinateOf({ latitude, longitude }, `${where}, annotation of ${annotator}`),
    ...(confidence != null && { confidence }),
    ...(reasoning != null && { reasoning }),
    ...(evidence != null &&
      evidence.length > 0 && {
        evidence: evidence.map(({ thing, attribute, text: read, supports }) => ({
          thing,
          ...(attribute != null && { attribute }),
          ...(read != null && { text: read }),
          ...(supports != null && { supports }),
        })),
      }),
  };
}
