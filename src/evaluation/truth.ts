/** Reads the truth of a row or of a benchmark's whole file: each image's position, place labels, scene and owner. */
import { basename, parse } from 'node:path';
import { isCoordinate } from '../core/coordinate.ts';
import { defined } from '../core/defined.ts';
import { invalidInput } from '../core/errors.ts';
import { openTable } from '../storage/table.ts';
import { guessColumns } from './columns.ts';
import type { Columns } from './columns.ts';
import { degreesOf } from './degrees-cell.ts';
import { sceneOf } from './outcome.ts';
import type { Scene, Truth } from './outcome.ts';
import { numeral } from './read-outcome.ts';
import type { Cells } from './read-outcome.ts';

export type TruthRow = {
  readonly id: string;
  /** Absent if the row's position is empty or exactly 0, 0. */
  readonly truth?: Truth;
  readonly scene?: Scene;
  readonly author?: string;
};

/**
 * Reads the truth in a row. A position is unknown if it is empty or exactly (0, 0), a point in open sea that datasets
 * write for a missing position. Throws `invalid-input` for an invalid position.
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
  const latitudeDegrees = degreesOf(latitude, 'latitude');
  const longitudeDegrees = degreesOf(longitude, 'longitude');
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    throw invalidInput(
      `${where}: the true position "${latitude}", "${longitude}" is invalid.`,
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

/** The truth of a benchmark: its rows in the file's order, and a lookup by image id. */
export type TruthTable = {
  readonly columns: Columns;
  readonly rows: readonly TruthRow[];
  /** Finds an image by its exact id, or else by its file name if the name is unique. */
  find(id: string): TruthRow | undefined;
};

/** Reads a benchmark's truth file. Throws `invalid-input` for a repeated id or a missing column. */
export async function readTruthTable(path: string, overrides: Columns = {}): Promise<TruthTable> {
  const table = await openTable(path);
  const columns = guessColumns({ headers: table.headers, overrides: onlyPresent(overrides, table.headers) });
  if (columns.id === undefined || columns.latitude === undefined || columns.longitude === undefined) {
    throw invalidInput(
      `${path} is not recognised as a benchmark, which needs columns for id, latitude and longitude.`,
      `The columns of the file are: ${table.headers.join(', ')}. Name the right ones with --column id=HEADER, --column latitude=HEADER and --column longitude=HEADER.`,
    );
  }
  const rows: TruthRow[] = [];
  const ids = new Set<string>();
  for await (const { number, values } of table.rows) {
    const row = readTruth((role) => values[columns[role] ?? ''] ?? '', `${path}, row ${number}`);
    if (ids.has(row.id))
      throw invalidInput(`${path}, row ${number}: the id "${row.id}" occurs twice.`, 'Give each image a unique id.');
    ids.add(row.id);
    rows.push(row);
  }
  return { columns, rows, find: finder(rows, (row) => row.id) };
}

/** Finds an item by its exact id, or else by the file name in the id if the name is unique. */
export function finder<Item>(items: readonly Item[], idOf: (item: Item) => string): (id: string) => Item | undefined {
  const byId = new Map(items.map((item) => [idOf(item), item]));
  const byFile = Map.groupBy(items, (item) => basename(idOf(item)));
  const byStem = Map.groupBy(items, (item) => parse(idOf(item)).name);
  const only = (found: readonly Item[] = []): Item | undefined => (found.length === 1 ? found[0] : undefined);
  // Ignore the extension only if one of the names has none: "a.jpg" and "a.png" are different images.
  const byBareName = (id: string): Item | undefined => {
    const item = only(byStem.get(parse(id).name));
    return item !== undefined && (parse(id).ext === '' || parse(idOf(item)).ext === '') ? item : undefined;
  };
  return (id) => byId.get(id) ?? (byFile.has(basename(id)) ? only(byFile.get(basename(id))) : byBareName(id));
}

/** Removes the user's column settings whose header the truth file lacks. They may apply to the predictions. */
function onlyPresent(overrides: Columns, headers: readonly string[]): Columns {
  return Object.fromEntries(Object.entries(overrides).filter(([, header]) => headers.includes(header)));
}
