/**
 * Measures `globe score` on 100,000 rows for each value of --from. `node scripts/measure/score-speed.ts [ROWS]` writes
 * the rows, scores them in a separate process, and writes results/score-speed.json. The rows contain the answers of the
 * shipped example, with random positions.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { random } from '../../src/core/random.ts';
import { writeFileAtomic } from '../../src/storage/atomic-file.ts';
import { provenance } from '../../src/storage/provenance.ts';
import { openTable } from '../../src/storage/table.ts';

const rows = Number(process.argv[2] ?? 100_000);
const root = join(import.meta.dirname, '../..');
const folder = await mkdtemp(join(tmpdir(), 'globe-score-speed-'));

/** Writes rows with distinct positions and about 40 different place names. In real files, names also repeat. */
async function writeRows(path: string): Promise<void> {
  const examples: Readonly<Record<string, string>>[] = [];
  for await (const { values } of (await openTable(join(root, 'examples/predictions.csv'))).rows) examples.push(values);
  const generator = random(1);
  const jitter = (degrees: string): string => (Number(degrees) + generator.normal() * 0.2).toFixed(6);
  const records = Array.from({ length: rows }, (_, i) => {
    const { id, scene, latitude, longitude, city, country, response } = examples[i % examples.length]!;
    return {
      id: `${i}-${id}`,
      scene,
      latitude: jitter(latitude!),
      longitude: jitter(longitude!),
      city,
      country,
      response,
      predicted_lat: jitter(latitude!),
      predicted_lon: jitter(longitude!),
      predicted_city: city,
      predicted_country: country,
    };
  });
  await writeFile(path, stringify(records, { header: true }));
}

try {
  const file = join(folder, 'rows.csv');
  await writeRows(file);
  const measured: Record<string, { seconds: number; cpuSeconds: number; memoryMiB: number }> = {};
  for (const from of ['coordinates', 'text', 'completion']) {
    const usage = join(folder, 'usage.json');
    const start = performance.now();
    const args = [
      '--import',
      join(root, 'bench/support/report-usage.ts'),
      join(root, 'src/cli/main.ts'),
      'score',
      file,
      '--from',
      from,
      '--json',
    ];
    const { status, stderr } = spawnSync(process.execPath, args, {
      env: { ...process.env, BENCH_USAGE: usage },
      maxBuffer: 2 ** 28,
    });
    const seconds = (performance.now() - start) / 1000;
    if (status !== 0) throw new Error(`globe score exited with code ${status}: ${stderr.toString()}`);
    const { cpuSeconds, memoryMiB } = JSON.parse(await readFile(usage, 'utf8')) as {
      cpuSeconds: number;
      memoryMiB: number;
    };
    measured[from] = {
      seconds: Number(seconds.toFixed(2)),
      cpuSeconds: Number(cpuSeconds.toFixed(2)),
      memoryMiB: Math.round(memoryMiB),
    };
    process.stderr.write(
      `${from}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} CPU s, ${memoryMiB.toFixed(0)} MiB\n`,
    );
  }
  await writeFileAtomic(
    join(root, 'results/score-speed.json'),
    `${JSON.stringify({ manifest: provenance(), rows, measured }, null, 2)}\n`,
  );
} finally {
  await rm(folder, { recursive: true });
}
