import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defined } from '../core/defined.ts';
import { openGazetteer } from '../gazetteer/open.ts';
import { openDataset } from '../storage/dataset/read-dataset.ts';
import type { DatasetRow } from '../storage/dataset/row.ts';
import { createSplitWriter } from '../storage/dataset/write-dataset.ts';
import { makeErrorSet } from './error-set.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-errors-'));
  const writer = createSplitWriter({ folder: join(folder, 'source', 'data'), split: 'train' });
  // The annotator of the row's reasoning names the right city six times, a wrong city four times, and no city twice.
  // The answers of the other annotator must not count.
  const cities = [...Array<string>(6).fill('Prague'), ...Array<string>(4).fill('Brno'), undefined, undefined];
  for (const [i, city] of cities.entries()) await writer.add(row(i, city));
  await writer.finish();
});
afterEach(async () => rm(folder, { recursive: true }));

const row = (i: number, city: string | undefined): DatasetRow => ({
  id: `photo-${i}`,
  country: 'Czechia',
  city: 'Prague',
  images: [{ bytes: new Uint8Array([i]), path: `${i}.jpg` }],
  response: `Reasoning ${i}.`,
  entities: [],
  annotator: 'own',
  annotations: [
    { annotator: 'other', country: 'Czechia', city: 'Ostrava' },
    { annotator: 'own', country: 'Czechia', ...defined({ city }) },
  ],
});

const make = async (images: number, errorShare: number) =>
  makeErrorSet({
    source: join(folder, 'source'),
    images,
    errorShare,
    seed: 1,
    folder: join(folder, 'out'),
    gazetteer: openGazetteer(),
    signal: new AbortController().signal,
  });

it('takes the requested share of wrong reasonings, and skips photos without a city', async () => {
  expect(await make(8, 0.5)).toEqual({ images: 8, wrong: 4 });
  const ids: string[] = [];
  for (const file of await openDataset(join(folder, 'out'))) for await (const { id } of file.rows()) ids.push(id!);
  const numbers = ids.map((id) => Number(id.slice('photo-'.length)));
  expect(new Set(numbers).size).toBe(8);
  expect(numbers.filter((number) => number >= 6 && number < 10)).toHaveLength(4);
  expect(numbers.filter((number) => number < 6)).toHaveLength(4);
});

it('reports the kind that the source has too few of', async () => {
  await expect(make(10, 0.5)).rejects.toThrow('has 4 wrong reasonings, but the training set needs 5');
  await expect(make(8, 0)).rejects.toThrow('has 6 right reasonings, but the training set needs 8');
});
