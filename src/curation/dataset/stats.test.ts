import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { datasetStatistics } from './stats.ts';

const AUTHORS = join(import.meta.dirname, '..', '..', 'storage', 'dataset', 'fixtures', 'mp16-reason-layout.parquet');

it("counts the places of the authors' training files, which have them only in the solution", async () => {
  expect(await datasetStatistics(AUTHORS)).toEqual(
    new Map([
      ['train', { samples: 2, countries: 2, cities: 2, scenes: { indoor: 0, natural: 0, urban: 0 }, withScene: 0 }],
    ]),
  );
});

it("counts the authors' test list, and two cities for one name in two countries", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'globe-stats-'));
  const path = join(folder, 'test.csv');
  await writeFile(
    path,
    'IMG_ID,LAT,LON,city,country\na,1,2,Paris,France\nb,1,2,Paris,United States\nc,1,2,Paris,France\n',
  );
  expect((await datasetStatistics(path)).get('test.csv')).toMatchObject({ samples: 3, countries: 2, cities: 2 });
  await rm(folder, { recursive: true });
});
