import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataset } from '../storage/dataset/read-dataset.ts';
import type { DatasetRow } from '../storage/dataset/row.ts';
import { createSplitWriter } from '../storage/dataset/write-dataset.ts';
import { type Dose, makeDoseSet } from './dose-set.ts';

const COUNTRIES = ['Czechia', 'Japan', 'Peru', 'Kenya'];
const CITIES = ['Prague', 'Kyoto', 'Lima', 'Nairobi'];
const row = (i: number): DatasetRow => ({
  id: `photo-${i}`,
  country: COUNTRIES[i % 4]!,
  city: CITIES[i % 4]!,
  coordinate: { latitudeDegrees: i % 4, longitudeDegrees: 10 },
  images: [{ bytes: new Uint8Array([i]), path: `${i}.jpg` }],
  response: `I see things of ${COUNTRIES[i % 4]}, photo ${i}.`,
  entities: [`thing ${i}`],
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-doses-'));
  const writer = createSplitWriter({ folder: join(folder, 'source', 'data'), split: 'train' });
  for (let i = 0; i < 40; i++) await writer.add(row(i));
  await writer.finish();
});
afterEach(() => rm(folder, { recursive: true }));

async function rowsOf(dose: Dose, images = 20): Promise<DatasetRow[]> {
  const out = join(folder, `${dose.kind}-${dose.share}`);
  const { signal } = new AbortController();
  const source = join(folder, 'source');
  const facts = await makeDoseSet({ source, images, imageSeed: 1, dose, folder: out, signal });
  expect(facts).toEqual({ images, wrong: Math.round(dose.share * images) });
  const rows: DatasetRow[] = [];
  for (const file of await openDataset(out)) for await (const one of file.rows()) rows.push(one);
  return rows;
}
const numberOf = ({ id }: DatasetRow): number => Number(id!.slice('photo-'.length));
const hasWrongReasoning = (one: DatasetRow): boolean => one.response !== row(numberOf(one)).response;
const hasWrongPlace = (one: DatasetRow): boolean => one.country !== row(numberOf(one)).country;

describe('makeDoseSet', () => {
  it('replaces the reasonings of a share of the photos by those of other countries, and keeps their places', async () => {
    const rows = await rowsOf({ kind: 'reasonings', share: 0.3 });
    const wrong = rows.filter(hasWrongReasoning);
    expect(wrong).toHaveLength(6);
    for (const one of wrong) {
      expect(one.response).not.toContain(row(numberOf(one)).country);
      expect(one.entities).not.toEqual(row(numberOf(one)).entities);
    }
    expect(rows.filter(hasWrongPlace)).toEqual([]);
  });

  it('replaces the places of a share of the photos, and keeps their reasonings', async () => {
    const rows = await rowsOf({ kind: 'places', share: 0.15 });
    const wrong = rows.filter(hasWrongPlace);
    expect(wrong).toHaveLength(3);
    for (const { country, city, coordinate } of wrong) {
      expect(CITIES.indexOf(city)).toBe(COUNTRIES.indexOf(country));
      expect(coordinate?.latitudeDegrees).toBe(COUNTRIES.indexOf(country));
    }
    expect(rows.filter(hasWrongReasoning)).toEqual([]);
  });

  it('has the same photos in every dose, and the errors of a smaller dose in a larger one', async () => {
    const doses = await Promise.all([0, 0.15, 0.45].map((share) => rowsOf({ kind: 'reasonings', share })));
    const [ids, more, most] = doses.map((rows) => rows.map(({ id }) => id));
    expect(more).toEqual(ids);
    expect(most).toEqual(ids);
    const wrong = doses.map((rows) => new Set(rows.filter(hasWrongReasoning).map(({ id }) => id)));
    expect(wrong[0]!.size).toBe(0);
    expect(wrong[2]!.isSupersetOf(wrong[1]!)).toBe(true);
  });

  it('rejects a source with too few photos', async () => {
    await expect(rowsOf({ kind: 'places', share: 0 }, 41)).rejects.toThrow(
      'has 40 photos, but the training set needs 41',
    );
  });
});
