/**
 * Reads photos and their places from a table in MP-16's format (IMG_ID, AUTHOR, LAT, LON, S3_Label) or with other
 * common column names. Locates the image files beside the table, but does not open them.
 */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { isCoordinate } from '../../core/coordinate.ts';
import { defined } from '../../core/defined.ts';
import { GlobeError, invalidInput } from '../../core/errors.ts';
import { openTable } from '../../storage/table.ts';
import type { TableRow } from '../../storage/table.ts';
import { SCENES } from './photo.ts';
import type { Photo } from './photo.ts';

/** Accepted headers for each field, in lower case. */
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

/** Tables that take precedence if a folder contains several. */
const PREFERRED = ['metadata.csv', 'photos.csv'];
const IMAGE_FOLDERS = ['', 'images', 'photos'];

/** Returns the photos sorted by id. Throws `not-found`, or an `invalid-input` error that names the row. */
export async function readPhotos(input: string): Promise<Photo[]> {
  const path = await tableOf(input);
  const table = await openTable(path);
  const headers = headersOf(table.headers, path);
  const photos: Photo[] = [];
  for await (const row of table.rows) photos.push(photoOf(row, { headers, folder: dirname(path), path }));
  if (photos.length === 0) throw invalidInput(`${path} contains no photos.`);
  photos.sort((a, b) => (a.id < b.id ? -1 : 1));
  const twice = photos.find(({ id }, i) => id === photos[i + 1]?.id);
  if (twice !== undefined)
    throw invalidInput(`${path} contains the photo id "${twice.id}" twice.`, 'Give each photo a unique id.');
  return photos;
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

function photoOf(
  { values, number }: TableRow,
  { headers, folder, path }: { headers: Headers; folder: string; path: string },
): Photo {
  const cell = (field: Field): string | undefined => {
    const text = headers[field] === undefined ? '' : (values[headers[field]] ?? '').trim();
    return text === '' ? undefined : text;
  };
  const id = cell('id');
  const latitudeDegrees = Number(cell('latitude') ?? Number.NaN);
  const longitudeDegrees = Number(cell('longitude') ?? Number.NaN);
  if (id === undefined) throw invalidInput(`${path}, row ${number} has no id.`);
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    throw invalidInput(
      `${path}, row ${number} (${id}) has no valid position: latitude ${cell('latitude')}, longitude ${cell('longitude')}.`,
    );
  }
  const [country, city, owner, licence] = [cell('country'), cell('city'), cell('owner'), cell('licence')];
  const scene = SCENES.find((name, i) => cell('scene') === String(i) || cell('scene')?.toLowerCase() === name);
  return {
    id,
    path: imagePath(folder, cell('file') ?? id),
    coordinate: { latitudeDegrees, longitudeDegrees },
    ...(country !== undefined && { place: { country, ...defined({ city }) } }),
    ...defined({ owner, licence, scene }),
  };
}

/**
 * MP-16's ids contain no folder, so several folders are tried. A missing file causes an error later, when it is read.
 */
function imagePath(folder: string, file: string): string {
  return IMAGE_FOLDERS.map((name) => join(folder, name, file)).find((path) => existsSync(path)) ?? join(folder, file);
}
