/**
 * Measures the labels that the gazetteer gives to positions, and writes results/city-labels.json. The first part uses
 * photos of ../shared/data that a model placed within 10 km. For each class of text (test/field/city-labels), it
 * reports the share of photos for which the label of the true position matches the model's text. The second part
 * reports the share of neighbouring cities that the matcher treats as one city (test/field/places). `--misses CLASS`
 * prints the photos of a class whose label does not match.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { distanceKm } from '../../src/core/distance.ts';
import type { Place } from '../../src/core/place.ts';
import { proportion } from '../../src/core/statistics/index.ts';
import { openGazetteer } from '../../src/gazetteer/open.ts';

const MAX_KM = 10;
const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const jsonLines = <T>(path: string): T[] =>
  read(path)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

const gazetteer = openGazetteer();
const misses = process.argv[2] === '--misses' ? process.argv[3] : undefined;
const classOf = new Map(
  jsonLines<{ text: string; class: string }>('test/field/city-labels/gemini-im2gps3k.jsonl').map((line) => [
    line.text,
    line.class,
  ]),
);
const predictions = parse(read('../shared/data/predictions/im2gps3k-gemini-2.0-flash.csv'), {
  columns: true,
}) as Record<'LAT' | 'LON' | 'LAT_pred' | 'LON_pred' | 'location', string>[];

const tally = new Map<string, { hits: number; n: number }>();
for (const { LAT, LON, LAT_pred, LON_pred, location } of predictions) {
  const truth = { latitudeDegrees: Number(LAT), longitudeDegrees: Number(LON) };
  const predicted = { latitudeDegrees: Number(LAT_pred), longitudeDegrees: Number(LON_pred) };
  if (location === '' || distanceKm(truth, predicted) > MAX_KM) continue;
  const name = classOf.get(createHash('sha256').update(location).digest('hex').slice(0, 16))!;
  const [label, place] = [gazetteer.reverse(truth), gazetteer.parsePlace(location)];
  const isHit = label !== undefined && place !== undefined && gazetteer.match(label, place).city;
  const { hits = 0, n = 0 } = tally.get(name) ?? {};
  tally.set(name, { hits: hits + Number(isHit), n: n + 1 });
  if (!isHit && name === misses) process.stdout.write(`${location} | ${label?.city}, ${label?.region}\n`);
}

const pairs = jsonLines<{ a: Place; b: Place }>('test/field/places/neighbours.jsonl');
const matched = pairs.filter(({ a, b }) => gazetteer.match(a, b).city);
const share = ({ hits, n }: { hits: number; n: number }) => proportion(hits, n)!;
const result = {
  gazetteer: gazetteer.provenance.version,
  photos: Object.fromEntries(
    [...tally].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, counts]) => [name, share(counts)]),
  ),
  neighbours: {
    ...share({ hits: matched.length, n: pairs.length }),
    matched: matched.map(({ a, b }) => `${a.city}, ${b.city}`),
  },
};
writeFileSync(new URL('results/city-labels.json', root), `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
