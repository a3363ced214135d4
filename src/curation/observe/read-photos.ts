/**
 * Reads photos and their places from a table in MP-16's format (IMG_ID, AUTHOR, LAT, LON, S3_Label) or with other
 * common column names. Finds the image files beside the table, but does not open them.
 */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { isCoordinate } from '../../core/coordinate.ts';
import type { Coordinate } from '../../core/coordinate.ts';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import { openTable } from '../../storage/table.ts';
import type { TableRow } from '../../storage/table.ts';
import { drawOf } from '../recipe/draw.ts';
import { SCENES } from './photo.ts';
import type { Photo } from './photo.ts';

/** Accepted column headers for each field, in lower case. */
const HEADERS = {
  id: ['img_id', 'image_id', 'id', 'file', 'filename', 'file_name'],
  file: ['file', 'filename', 'file_name', 'path', 'image_path', 'img_id', 'image_id', 'id'],
  latitude: ['lat', 'latitude'],
  longitude: ['lon', 'lng', 'longitude'],
  country: ['country'],
  city: ['city'],
  owner: ['author', 'owner', 'flickr_owner', 'user_id'],
  licence: ['licence', 'license'],
  scene: ['s3_label', 'scene'],
} as const;

type Field = keyof typeof HEADERS;

/** Tables to prefer if a folder contains several tables. */
const PREFERRED = ['metadata.csv', 'photos.csv'];
const IMAGE_FOLDERS = ['', 'images', 'photos'];

export type ReadPhotosOptions = {
  /**
   * Returns whether to read the photo with this id. The default is all photos. Rows of other photos are checked, but
   * not returned.
   */
  readonly only?: (id: string) => boolean;
};

/**
 * Returns the photos sorted by id. The table is streamed, so only the photos that `only` selects are in memory. Throws
 * `not-found` if the table is missing. Throws `invalid-input` with the row number if a row is invalid.
 */
export async function readPhotos(input: string, { only = () => true }: ReadPhotosOptions = {}): Promise<Photo[]> {
  const photos: Photo[] = [];
  const table = await photoTable(input);
  const texts = new Map<string, string>();
  for await (const { row, id } of table.rows) if (only(id)) photos.push(photoOf(row, { ...table, texts }));
  photos.sort((a, b) => (a.id < b.id ? -1 : 1));
  const twice = photos.find(({ id }, i) => id === photos[i + 1]?.id);
  if (twice !== undefined) throw twiceError(table.path, twice.id);
  return photos;
}

/**
 * Returns the owner of each photo by its id; an empty text if the table does not state it. Throws the errors of
 * `readPhotos`.
 */
export async function readOwners(input: string): Promise<Map<string, string>> {
  const table = await photoTable(input);
  const owners = new Map<string, string>();
  const texts = new Map<string, string>();
  for await (const { row, id } of table.rows) {
    if (owners.has(id)) throw twiceError(table.path, id);
    const owner = cellOf(row, { headers: table.headers, field: 'owner' }) ?? '';
    if (!texts.has(owner)) texts.set(owner, owner);
    owners.set(id, texts.get(owner)!);
  }
  return owners;
}

const twiceError = (path: string, id: string): GlobeError =>
  invalidInput(`${path} contains the photo id "${id}" twice.`, 'Give each photo a unique id.');

export type SurveyOptions = Required<ReadPhotosOptions> & {
  /** Maximum number of photos in the sample. */
  readonly sampleSize: number;
  readonly seed: number;
};

/**
 * Counts the photos of a table and draws a random sample of them, sorted by id. The sample depends only on the ids and
 * the seed. Only the sample is held in memory.
 */
export async function surveyPhotos(
  input: string,
  { only, sampleSize, seed }: SurveyOptions,
): Promise<{ count: number; sample: Photo[] }> {
  const table = await photoTable(input);
  let count = 0;
  let drawn: { readonly draw: number; readonly row: TableRow }[] = [];
  const smallest = (): void => {
    drawn = drawn.toSorted((a, b) => a.draw - b.draw).slice(0, sampleSize);
  };
  for await (const { row, id } of table.rows) {
    if (!only(id)) continue;
    count += 1;
    const draw = drawOf(seed, `sample:${id}`);
    if (drawn.length >= sampleSize && draw > (drawn[sampleSize - 1]?.draw ?? -1)) continue;
    drawn.push({ draw, row });
    if (drawn.length > 2 * sampleSize) smallest();
  }
  smallest();
  const sample = drawn
    .map(({ row }) => photoOf(row, { ...table, texts: new Map() }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return { count, sample };
}

type PhotoTable = {
  readonly path: string;
  readonly folder: string;
  readonly headers: Headers;
  readonly rows: AsyncIterable<{ readonly row: TableRow; readonly id: string }>;
};

/**
 * Opens the table. Reading its rows throws `invalid-input` if a row has no id or no position, or if the table has no
 * rows.
 */
async function photoTable(input: string): Promise<PhotoTable> {
  const path = await tableOf(input);
  const { headers: names, rows } = await openTable(path);
  const headers = headersOf(names, path);
  async function* checked(): AsyncGenerator<{ row: TableRow; id: string }> {
    let count = 0;
    for await (const row of rows) {
      count += 1;
      yield { row, id: checkedRow(row, { headers, path }) };
    }
    if (count === 0) throw invalidInput(`${path} contains no photos.`);
  }
  return { path, folder: dirname(path), headers, rows: checked() };
}

async function tableOf(input: string): Promise<string> {
  const found = await stat(input).catch(() => {
    throw new GlobeError({
      code: 'not-found',
      message: `The file or folder ${input} does not exist.`,
      hint: 'Check the path.',
    });
  });
  if (!found.isDirectory()) return input;
  const names = await readdir(input);
  const preferred = PREFERRED.find((name) => names.includes(name));
  const tables = names.filter((name) => ['.csv', '.tsv', '.jsonl'].includes(extname(name)));
  const name = preferred ?? (tables.length === 1 ? tables[0] : undefined);
  if (name !== undefined) return join(input, name);
  throw invalidInput(
    `The folder ${input} contains ${tables.length === 0 ? 'no table of photos' : `several tables: ${tables.sort().join(', ')}`}.`,
    'Give the path of one table: a CSV with the columns IMG_ID, LAT and LON, beside its images.',
  );
}

type Headers = Readonly<Partial<Record<Field, string>>>;

function headersOf(headers: readonly string[], path: string): Headers {
  const byName = new Map(headers.toReversed().map((header) => [header.toLowerCase().trim(), header]));
  const found: Partial<Record<Field, string>> = {};
  for (const field of Object.keys(HEADERS) as Field[]) {
    const name = HEADERS[field].find((known) => byName.has(known));
    if (name !== undefined) found[field] = byName.get(name)!;
  }
  for (const field of ['id', 'latitude', 'longitude'] as const) {
    if (found[field] !== undefined) continue;
    throw invalidInput(
      `${path} has no column for the ${field}: its columns are ${headers.join(', ')}.`,
      `Name the column ${HEADERS[field].join(' or ')}.`,
    );
  }
  return found;
}

function cellOf({ values }: TableRow, { headers, field }: { headers: Headers; field: Field }): string | undefined {
  const text = headers[field] === undefined ? '' : (values[headers[field]] ?? '').trim();
  return text === '' ? undefined : text;
}

function positionOf(row: TableRow, headers: Headers): Coordinate {
  const degrees = (field: Field): number => Number(cellOf(row, { headers, field }) ?? Number.NaN);
  return { latitudeDegrees: degrees('latitude'), longitudeDegrees: degrees('longitude') };
}

/** Returns the id of a row. Throws `invalid-input` if the row has no id or no valid position. */
function checkedRow(row: TableRow, { headers, path }: Pick<PhotoTable, 'headers' | 'path'>): string {
  const { number } = row;
  const id = cellOf(row, { headers, field: 'id' });
  const { latitudeDegrees, longitudeDegrees } = positionOf(row, headers);
  if (id === undefined) throw invalidInput(`${path}, row ${number} has no id.`);
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    throw invalidInput(
      `${path}, row ${number} (${id}) has no valid position: latitude ${cellOf(row, { headers, field: 'latitude' })}, longitude ${cellOf(row, { headers, field: 'longitude' })}.`,
    );
  }
  return id;
}

/** `texts` has the names, licences and owners so far. Many photos share one, and then also its memory. */
function photoOf(
  row: TableRow,
  { headers, folder, texts }: PhotoTable & { readonly texts: Map<string, string> },
): Photo {
  const shared = (field: Field): string | undefined => {
    const text = cell(field);
    if (text === undefined) return undefined;
    if (!texts.has(text)) texts.set(text, text);
    return texts.get(text);
  };
  const cell = (field: Field): string | undefined => cellOf(row, { headers, field });
  const id = cell('id')!;
  const [country, city, owner, licence] = [shared('country'), shared('city'), shared('owner'), shared('licence')];
  const scene = SCENES.find((name, i) => cell('scene') === String(i) || cell('scene')?.toLowerCase() === name);
  return {
    id,
    path: imagePath(folder, cell('file') ?? id),
    coordinate: positionOf(row, headers),
    ...(country !== undefined && { place: { country, ...defined({ city }) } }),
    ...defined({ owner, licence, scene }),
  };
}

/**
 * MP-16's ids contain no folder, so several folders are tried. If no file exists, the error is thrown later, when the
 * photo is read.
 */
function imagePath(folder: string, file: string): string {
  return IMAGE_FOLDERS.map((name) => join(folder, name, file)).find((path) => existsSync(path)) ?? join(folder, file);
}
