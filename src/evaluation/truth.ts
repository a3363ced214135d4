/** The truth of a row, or of a whole benchmark file: position, labels, scene and owner by image. */
import { basename } from 'node:path';
import { isCoordinate } from '../core/coordinate.ts';
import { invalidInput } from '../core/errors.ts';
import { openTable } from '../storage/table.ts';
import { guessColumns } from './columns.ts';
import type { Columns } from './columns.ts';
import { sceneOf } from './outcome.ts';
import type { Scene, Truth } from './outcome.ts';
import type { Cells } from './read-outcome.ts';

export type TruthRow = {
  readonly id: string;
  /** Absent where the row has no position, or exactly 0, 0. */
  readonly truth?: Truth;
  readonly scene?: Scene;
  readonly author?: string;
};

/**
 * Reads the truth in a row. No position, and exactly (0, 0), mean that none is known: that point lies in open sea, and
 * data sets write it for a missing position. Throws `invalid-input` for text that is no position.
 */
export function readTruth(cells: Cells, where: string): TruthRow {
  const scene = sceneOf(cells('scene'));
  const author = cells('author').trim();
  const truth = readPosition(cells, where);
  return {
    id: cells('id'),
    ...(truth !== undefined && { truth }),
    ...(scene !== undefined && { scene }),
    ...(author !== '' && { author }),
  };
}

function readPosition(cells: Cells, where: string): Truth | undefined {
  const latitude = cells('latitude').trim();
  const longitude = cells('longitude').trim();
  if (latitude === '' && longitude === '') return undefined;
  const latitudeDegrees = latitude === '' ? Number.NaN : Number(latitude);
  const longitudeDegrees = longitude === '' ? Number.NaN : Number(longitude);
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    throw invalidInput(
      `${where}: the true position "${latitude}", "${longitude}" is not a position.`,
      'Correct the file, or name the right columns with --column latitude=HEADER --column longitude=HEADER.',
    );
  }
  if (latitudeDegrees === 0 && longitudeDegrees === 0) return undefined;
  const [city, country] = [cells('city').trim(), cells('country').trim()];
  return {
    coordinate: { latitudeDegrees, longitudeDegrees },
    ...(country !== '' && { place: { country, ...(city !== '' && { city }) } }),
  };
}

/** A lookup of a benchmark's truth, in the benchmark's order. */
export type TruthTable = {
  readonly columns: Columns;
  readonly rows: readonly TruthRow[];
  /** By the id as written, else by its file name. */
  find(id: string): TruthRow | undefined;
};

/** Reads a benchmark's whole truth file. Throws `invalid-input` for a repeated id, or when it has no position columns. */
export async function readTruthTable(path: string, given: Columns = {}): Promise<TruthTable> {
  const table = await openTable(path);
  const columns = guessColumns({ headers: table.headers, given: onlyPresent(given, table.headers) });
  if (columns.id === undefined || columns.latitude === undefined || columns.longitude === undefined) {
    throw invalidInput(
      `${path} was not recognised as a benchmark: it needs an id, a latitude and a longitude.`,
      `Its columns are: ${table.headers.join(', ')}. Name them with --column id=HEADER and so on.`,
    );
  }
  const rows: TruthRow[] = [];
  const byId = new Map<string, TruthRow>();
  for await (const { number, values } of table.rows) {
    const row = readTruth((role) => values[columns[role] ?? ''] ?? '', `${path}, row ${number}`);
    if (byId.has(row.id)) throw invalidInput(`${path}, row ${number}: the id "${row.id}" is there twice.`);
    byId.set(row.id, row);
    rows.push(row);
  }
  const byFile = new Map(rows.map((row) => [basename(row.id), row]));
  return { columns, rows, find: (id) => byId.get(id) ?? byFile.get(basename(id)) };
}

/** Columns named for a predictions file need not exist in the truth's. */
function onlyPresent(given: Columns, headers: readonly string[]): Columns {
  return Object.fromEntries(Object.entries(given).filter(([, header]) => headers.includes(header)));
}
