// Compares GeoCLIP in TypeScript with the PyPI package at full size: the published location encoder, image head, scale
// and 100,000 positions, and a CLIP ViT-L/14 tower with random weights, because the package does not contain CLIP's.
//   python scripts/build/fixtures/geoclip_reference.py FOLDER && node scripts/check/geoclip.ts FOLDER > results/geoclip.json
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { coordinate } from '../../src/core/coordinate.ts';
import { openClipTower } from '../../src/locator/geoclip/clip-tower.ts';
import { compileEncoders } from '../../src/locator/geoclip/encoders.ts';
import { equalEarth } from '../../src/locator/geoclip/equal-earth.ts';
import { openGallerySearch } from '../../src/locator/geoclip/gallery-search.ts';
import { openGallery } from '../../src/locator/geoclip/gallery.ts';
import { openGeoClip } from '../../src/locator/geoclip/geoclip-locator.ts';
import { readWeights } from '../../src/locator/geoclip/weights.ts';
import { provenance } from '../../src/storage/provenance.ts';
import { readSafetensors } from '../../src/tensor/index.ts';

const TOLERANCE = 1e-4;
const QUERIES = 200;

const folder = process.argv[2];
if (folder === undefined) throw new Error('Usage: node scripts/check/geoclip.ts FOLDER');
const { arrays } = readSafetensors(await readFile(join(folder, 'reference.safetensors')));
const reference = (name: string) => arrays[name]!.data as Float32Array;
const report: Record<string, unknown> = {};

function compare(name: string, ours: Float32Array, theirs = reference(name)): void {
  const difference = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0);
  report[name] = { values: ours.length, maxAbsDifference: difference };
  if (ours.length !== theirs.length || !(difference <= TOLERANCE)) process.exitCode = 1;
}

const positions = Array.from({ length: reference('positions').length / 2 }, (_, i) =>
  coordinate(reference('positions')[2 * i]!, reference('positions')[2 * i + 1]!),
);
const image = {
  bytes: await readFile(join(folder, 'drawing.png')),
  mediaType: 'image/png' as const,
  widthPixels: 97,
  heightPixels: 61,
  sha256: 'drawing',
};

const weights = await readWeights(folder);
const raw = await compileEncoders(weights, { normalize: false });
compare('projected', equalEarth(positions));
compare('locations', await raw.locations(positions));
const tower = await openClipTower(join(folder, 'clip'));
compare('pixels', await tower.pixels(image));
const features = await tower.features(image);
compare('features', features);
compare('images', await raw.images(features));
await tower[Symbol.asyncDispose]();

const encoders = await compileEncoders(weights);
const started = performance.now();
const gallery = await openGallery(encoders, {
  folder,
  galleryFile: weights.galleryFile,
  weights: weights.bytes,
  cacheFolder: folder,
});
report['galleryReadyMs'] = performance.now() - started;

// The queries are gallery vectors, most of them with added noise. Embedding real photos would need CLIP's weights.
const { dimensions, embeddings } = gallery;
const search = await openGallerySearch(gallery, { threads: 1 });
const scale = Math.exp(weights.logitScale);
const times: number[] = [];
/** Processor time, which depends less on other work on the machine than elapsed time. */
const cpuTimes: number[] = [];
let worstShare = 0;
let wrong = 0;
for (let i = 0; i < QUERIES; i++) {
  const noise = (i % 4) * 0.03;
  const row = (i * 7919) % gallery.positions.length;
  const query = embeddings.slice(row * dimensions, (row + 1) * dimensions);
  for (let k = 0; k < dimensions; k++) query[k]! += noise * Math.sin(12.9898 * (k + 1) * (i + 1));
  const length = Math.hypot(...query);
  for (let k = 0; k < dimensions; k++) query[k]! /= length;
  const before = performance.now();
  const cpuBefore = process.cpuUsage();
  const hits = await search.nearest(query, { count: 5, scale });
  const cpu = process.cpuUsage(cpuBefore);
  times.push(performance.now() - before);
  cpuTimes.push((cpu.user + cpu.system) / 1000);
  if (i % 10 === 0) {
    const exact = exactSoftmax(query);
    const best = [...exact.keys()].toSorted((a, b) => exact[b]! - exact[a]!).slice(0, 5);
    if (hits.some(({ index }, place) => exact[index] !== exact[best[place]!])) wrong += 1;
    worstShare = Math.max(worstShare, Math.abs(hits[0]!.probability / exact[best[0]!]! - 1));
  }
}
times.sort((a, b) => a - b);
cpuTimes.sort((a, b) => a - b);
report['query'] = {
  queries: QUERIES,
  medianMs: times[QUERIES / 2],
  medianCpuMs: cpuTimes[QUERIES / 2],
  p95Ms: times[Math.floor(QUERIES * 0.95)],
  wrongRankings: wrong,
  maxRelativeErrorOfProbability: worstShare,
};

await using geoclip = await openGeoClip({ folder });
const ranked = await geoclip.rank(image, { signal: new AbortController().signal });
const indices = [...(arrays['top_indices']!.data as Int32Array)];
report['ranking'] = {
  sameTop5: ranked.every(
    ({ coordinate }, i) => coordinate === gallery.positions[indices[i]!] || same(coordinate, indices[i]!),
  ),
  probabilities: ranked.map(({ confidence }) => confidence),
  reference: [...reference('top_probabilities')],
};
process.stdout.write(`${JSON.stringify({ ...provenance(), ...report }, null, 2)}\n`);

function same(a: (typeof gallery.positions)[number], index: number): boolean {
  const b = gallery.positions[index]!;
  return a.latitudeDegrees === b.latitudeDegrees && a.longitudeDegrees === b.longitudeDegrees;
}

function exactSoftmax(query: Float32Array): Float64Array {
  const cosines = Float64Array.from({ length: gallery.positions.length }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < dimensions; k++) sum += embeddings[row * dimensions + k]! * query[k]!;
    return sum;
  });
  const best = cosines.reduce((a, b) => Math.max(a, b));
  const exponentials = cosines.map((cosine) => Math.exp(scale * (cosine - best)));
  const total = exponentials.reduce((a, b) => a + b);
  return exponentials.map((value) => value / total);
}
