/** The truth of a row, or of a whole benchmark file: position, labels, scene and owner by image. */
import { basename } from 'node:path';
import { isCoordinate } from '../core/coordinate.ts';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { openTable } from '../storage/table.ts';
import { guessColumns } from './columns.ts';
import type { Columns } from './columns.ts';
import { sceneOf } from './outcome.ts';
import type { Scene, Truth } from './outcome.ts';
import { numeral } from './read-outcome.ts';
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
    ...defined({ truth, scene }),
    ...(author !== '' && { author }),
  };
}

function readPosition(cells: Cells, where: string): Truth | undefined {
  const latitude = numeral(cells('latitude'));
  const longitude = numeral(cells('longitude'));
  if (latitude === '' && longitude === '') return undefined;
  const latitudeDegrees = latitude === '' ? Number.NaN : Number(latitude);
  const longitudeDegrees = longitude === '' ? Number.NaN : Number(longitude);
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    throw invalidInput(
      `${where}: the true position "${latitude}", "${longitude}" is not a position.`,
      'Latitude is in [-90, 90] and longitude in [-180, 180], in degrees with a decimal point. Correct the file, or name the right columns with --column latitude=HEADER --column longitude=HEADER.',
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
  /** By the id as written, else by its file name where only one image has it. */
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
  const ids = new Set<string>();
  for await (const { number, values } of table.rows) {
    const row = readTruth((role) => values[columns[role] ?? ''] ?? '', `${path}, row ${number}`);
    if (ids.has(row.id)) throw invalidInput(`${path}, row ${number}: the id "${row.id}" is there twice.`);
    ids.add(row.id);
    rows.push(row);
  }
  return { columns, rows, find: finder(rows, (row) => row.id) };
}

/** Looks items up by id as written, else by the file name of the id where only one item has that name. */
export function finder<Item>(items: readonly Item[], idOf: (item: Item) => string): (id: string) => Item | undefined {
  const byId = new Map(items.map((item) => [idOf(item), item]));
  const byFile = Map.groupBy(items, (item) => basename(idOf(item)));
  return (id) => {
    const sameFile = byFile.get(basename(id)) ?? [];
    return byId.get(id) ?? (sameFile.length === 1 ? sameFile[0] : undefined);
  };
}

/** Columns named for a predictions file need not exist in the truth's. */
function onlyPresent(given: Columns, headers: readonly string[]): Columns {
  return Object.fromEntries(Object.entries(given).filter(([, header]) => headers.includes(header)));
}
