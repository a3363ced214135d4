/** Table 1 of any reasoning dataset, by split; reads the columns of place and scene and no image. */
import { openDataset } from '../../storage/dataset/read-dataset.ts';
import { createTable1Counter } from './table1.ts';
import type { Table1Counter, Table1Row } from './table1.ts';

const COLUMNS = ['country', 'city', 'scene', '__#solution'];

/** By split, in the order of the files. Throws `not-found` or `invalid-input`. */
export async function datasetStatistics(path: string): Promise<Map<string, Table1Row>> {
  const counters = new Map<string, Table1Counter>();
  for (const file of await openDataset(path)) {
    const counter = counters.get(file.split) ?? createTable1Counter();
    counters.set(file.split, counter);
    // The solution is taken apart only where the place has no columns of its own: the authors' files.
    const columns = file.columns.includes('country') ? COLUMNS.slice(0, 3) : COLUMNS;
    for await (const row of file.rows({ columns })) counter.add(row);
  }
  return new Map([...counters].map(([split, counter]) => [split, counter.row()]));
}
