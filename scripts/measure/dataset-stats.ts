/**
 * Measures `globe dataset stats` on a dataset of 100,000 rows with images, which the command must not read. `node
 * scripts/measure/dataset-stats.ts --rows 100000`
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { datasetStatistics } from '../../src/curation/dataset/stats.ts';
import { SCENES } from '../../src/curation/observe/photo.ts';
import { createSplitWriter } from '../../src/storage/dataset/write-dataset.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } });
const rows = Number(values.rows);
const folder = await mkdtemp(join(tmpdir(), 'globe-stats-'));
const writer = createSplitWriter({ folder, split: 'train' });
for (let i = 0; i < rows; i++) {
  await writer.add({
    id: `photo-${i}`,
    coordinate: { latitudeDegrees: i % 90, longitudeDegrees: i % 180 },
    country: `country ${i % 134}`,
    city: `city ${i % 1944}`,
    images: [{ bytes: randomBytes(5000), path: `photo-${i}.jpg` }],
    response: 'The balcony and the tram point to the city. '.repeat(8),
    entities: ['balcony', 'tram'],
    scene: SCENES[i % 3]!,
    gates: [{ gate: 'grounding', passed: true, score: 1, reason: `names ${i % 9} things` }],
  });
}
await writer.finish();
const startedAt = performance.now();
const statistics = await datasetStatistics(folder);
const seconds = Math.round(performance.now() - startedAt) / 1000;
await rm(folder, { recursive: true });
process.stdout.write(`${JSON.stringify({ rows, seconds, statistics: Object.fromEntries(statistics) })}\n`);
