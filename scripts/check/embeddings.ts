// Compares the in-process sentence embeddings with PyTorch's for the real all-MiniLM-L6-v2. With two CSV files, it also
// tests how well each measure of similarity distinguishes answers about the same photo from answers about different
// photos. python scripts/build/fixtures/tiny_text_and_segmentation.py --minilm MODEL_FOLDER --out FOLDER node
// scripts/check/embeddings.ts FOLDER [A.csv B.csv] The CSV files must have a column model_response, and the photos in
// the same order.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { mean } from '../../src/core/statistics/index.ts';
import { openGrounder } from '../../src/grounding/entity-grounder.ts';
import type { MeaningMeasure } from '../../src/grounding/grounding.ts';
import { lexicalMeaning } from '../../src/grounding/lexical-meaning.ts';
import { embeddingMeaning } from '../../src/vision/embeddings/embedding-meaning.ts';
import { openTransformersEmbedder } from '../../src/vision/embeddings/transformers-embedder.ts';

const TOLERANCE = 1e-5;
const PAIRS = 150;

const [folder, ...files] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: node scripts/check/embeddings.ts FOLDER [A.csv B.csv]');
const { signal } = new AbortController();
const report: Record<string, unknown> = {};

await using embedder = await openTransformersEmbedder(folder, { cacheFolder: folder });
const reference = JSON.parse(await readFile(join(folder, 'reference.json'), 'utf8')) as {
  sentences: string[];
  embeddings: number[][];
};
const ours = await embedder.embed(reference.sentences, { signal });
const difference = Math.max(
  ...ours.flatMap((vector, i) => [...vector].map((value, k) => Math.abs(value - reference.embeddings[i]![k]!))),
);
report['embeddings'] = { values: ours.length * ours[0]!.length, maxAbsDifference: difference };
if (!(difference <= TOLERANCE)) process.exitCode = 1;

if (files.length === 2) {
  const [a, b] = (await Promise.all(files.map(responses))) as [string[], string[]];
  for (const measure of [lexicalMeaning(await openGrounder()), embeddingMeaning(embedder)]) {
    report[measure.name.split(':')[0]!] = await separation(measure, a, b);
  }
}
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);

async function responses(file: string): Promise<string[]> {
  const rows: { model_response: string }[] = parse(await readFile(file), { columns: true });
  // Removes the JSON at the end, which contains the coordinates and does not belong to the reasoning text.
  return rows.map(({ model_response: text }) => text.replaceAll(/\{[^{}]*\}/g, ' '));
}

/**
 * Returns the area under the ROC curve: the probability that two answers about the same photo are more similar than two
 * answers about different photos.
 */
async function separation(measure: MeaningMeasure, a: readonly string[], b: readonly string[]) {
  const rows = Array.from({ length: PAIRS }, (_, i) => (i * 7) % a.length);
  const same: number[] = [];
  const other: number[] = [];
  const started = performance.now();
  for (const row of rows) {
    same.push(await measure.similarity(a[row]!, b[row]!, { signal }));
    other.push(await measure.similarity(a[row]!, b[(row + 611) % b.length]!, { signal }));
  }
  const wins = same.flatMap((x) => other.map((y) => (x > y ? 1 : x === y ? 0.5 : 0)));
  return {
    n: PAIRS,
    areaUnderCurve: mean(wins)!,
    meanSamePhoto: mean(same)!,
    meanOtherPhoto: mean(other)!,
    pairsPerSecond: (2 * PAIRS * 1000) / (performance.now() - started),
  };
}
