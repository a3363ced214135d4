/**
 * Computes the paper's Table 1 for each split of a reasoning dataset, from the place and scene columns. Also reads a
 * test list in CSV, in the format that the authors publish.
 */
import { basename } from 'node:path';
import { invalidInput } from '../../core/errors.ts';
import { openDataset } from '../../storage/dataset/read-dataset.ts';
import { openTable } from '../../storage/table.ts';
import { createTable1Counter } from './table1.ts';
import type { Table1Counter, Table1Row } from './table1.ts';

const SPLITS = ['train', 'validation', 'test'];
const COLUMNS = ['country', 'city', 'scene', '__#solution'];

/**
 * Computes the statistics of each split. The training split comes first. Throws `not-found` if the path does not exist,
 * and `invalid-input` if it is not a dataset.
 */
export async function datasetStatistics(path: string): Promise<Map<string, Table1Row>> {
  const counters = new Map<string, Table1Counter>();
  if (/\.[ct]sv$/i.test(path)) return new Map([[basename(path), await listStatistics(path)]]);
  for (const file of await openDataset(path)) {
    const counter = counters.get(file.split) ?? createTable1Counter();
    counters.set(file.split, counter);
    // The authors' files have no columns for country and city, so these are parsed from the solution column.
    const columns = file.columns.includes('country') ? COLUMNS.slice(0, 3) : COLUMNS;
    for await (const row of file.rows({ columns })) counter.add(row);
  }
  const rank = (split: string): number => [...SPLITS, split].indexOf(split);
  const inOrder = [...counters].sort(([a], [b]) => rank(a) - rank(b));
  return new Map(inOrder.map(([split, counter]) => [split, counter.row()]));
}

async function listStatistics(path: string): Promise<Table1Row> {
  const table = await openTable(path);
  const missing = ['country', 'city'].find((name) => !table.headers.includes(name));
  if (missing !== undefined) {
    throw invalidInput(`${path} has no column "${missing}": its columns are ${table.headers.join(', ')}.`);
  }
  const counter = createTable1Counter();
  for await (const { values } of table.rows) counter.add({ country: values['country']!, city: values['city']! });
  return counter.row();
}
