import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSplitWriter } from '../../storage/dataset/write-dataset.ts';
import { publishDataset } from './publish.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-publish-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function writeRun(licences: readonly (string | undefined)[], { card = true } = {}): Promise<string> {
  const run = join(folder, 'run');
  const writer = createSplitWriter({ folder: join(run, 'dataset', 'data'), split: 'train' });
  for (const [i, licence] of licences.entries()) {
    const row = { id: `photo-${i}`, country: 'Peru', city: 'Lima', images: [], response: 'A balcony.', entities: [] };
    await writer.add({ ...row, ...(licence !== undefined && { licence }) });
  }
  await writer.finish();
  if (card) await writeFile(join(run, 'dataset', 'README.md'), '---\nlicense: other\n---\n');
  return run;
}

const signal = new AbortController().signal;
const publish = async (run: string, more: { allowUnlicensed?: boolean } = {}) =>
  publishDataset(run, { out: join(folder, 'public'), signal, ...more });

describe('publishDataset', () => {
  it('copies the Parquet files and the card', async () => {
    const { files } = await publish(await writeRun(['CC0', 'CC BY 2.0']));
    expect(files).toEqual(['README.md', 'data/train-00000-of-00001.parquet']);
    expect(await readFile(join(folder, 'public', 'README.md'), 'utf8')).toContain('license: other');
    expect(await readdir(join(folder, 'public', 'data'))).toEqual(['train-00000-of-00001.parquet']);
  });

  it.each([[undefined], [''], [' ']])('refuses rows with the licence %j, unless they are allowed', async (licence) => {
    const run = await writeRun(['CC0', licence]);
    await expect(publish(run)).rejects.toThrow('1 of 2 rows state no licence: photo-1.');
    expect(await readdir(folder)).toEqual(['run']);
    expect(await publish(run, { allowUnlicensed: true })).toMatchObject({ rows: 2, unlicensed: 1 });
  });

  it('refuses a folder that is not empty, and a dataset without a card', async () => {
    const run = await writeRun(['CC0']);
    await publish(run);
    await expect(publish(run)).rejects.toThrow('is not empty');
    await rm(join(run, 'dataset', 'README.md'));
    await expect(publish(run)).rejects.toThrow('has no card');
  });
});
