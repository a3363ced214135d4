import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSplitWriter } from '../../storage/dataset/write-dataset.ts';
import type { DatasetRow } from '../../storage/dataset/row.ts';
import { exportDataset } from './export.ts';
import type { ExportOptions } from './export.ts';
import { EXPORT_FORMATS, isTrainingFormat } from './export-forms.ts';

const BYTES = new Uint8Array([0xff, 0xd8, 1]);
const TARGET = '<think>A tram.</think><answer>country: Finland\ncity: Helsinki</answer>';
const ELEMENTS = [{ label: 'tram', share: 0.25 }];
const TRAINING_FORMATS = EXPORT_FORMATS.filter(isTrainingFormat);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-export-'));
  await write('both', { train: [row('a'), row('b')], test: [row('held-out')] });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const row = (id: string, more: Partial<DatasetRow> = {}): DatasetRow => ({
  id,
  country: 'Finland',
  city: 'Helsinki',
  images: [{ bytes: BYTES, path: `${id}.jpg` }],
  response: 'A tram.',
  entities: ['tram'],
  elements: ELEMENTS,
  ...more,
});

async function write(name: string, splits: Readonly<Record<string, readonly DatasetRow[]>>): Promise<void> {
  for (const [split, rows] of Object.entries(splits)) {
    const writer = createSplitWriter({ folder: join(folder, name), split });
    for (const one of rows) await writer.add(one);
    await writer.finish();
  }
}

const signal = new AbortController().signal;
async function exported(name: string, options: Omit<ExportOptions, 'out' | 'signal'> & { out?: string }) {
  const out = options.out ?? join(folder, `${name}-${options.format}.jsonl`);
  const result = await exportDataset(join(folder, name), { ...options, out, signal });
  const text = await readFile(out, 'utf8');
  const records = (): Record<string, unknown>[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { ...result, text, records };
}

describe('exportDataset', () => {
  it.each(EXPORT_FORMATS)('%s holds the train split unless another one is named', async (format) => {
    const { rows, text } = await exported('both', { format });
    expect(rows).toBe(2);
    expect(text).not.toContain('held-out');
    const test = await exported('both', { format, split: 'test' });
    expect(test).toMatchObject({ rows: 1, text: expect.stringContaining('held-out') });
  });

  it('writes the split of each row, also with --split all', async () => {
    const { records } = await exported('both', { format: 'jsonl', split: 'all' });
    const splits = new Map(records().map(({ IMG_ID, split }) => [IMG_ID, split]));
    expect(splits).toEqual(
      new Map([
        ['a', 'train'],
        ['b', 'train'],
        ['held-out', 'test'],
      ]),
    );
  });

  it.each(TRAINING_FORMATS)('refuses to mix splits in the form %s', async (format) => {
    await expect(exported('both', { format, split: 'all' })).rejects.toThrow('would mix the test split');
  });

  it('names the splits of a dataset that lacks the requested one', async () => {
    await expect(exported('both', { format: 'jsonl', split: 'validation' })).rejects.toMatchObject({
      message: expect.stringContaining('no split "validation"'),
      hint: 'Its splits are: test, train.',
    });
  });

  it.each(TRAINING_FORMATS)('%s names image files by absolute paths, also for relative options', async (format) => {
    const out = relative(process.cwd(), join(folder, `relative-${format}.jsonl`));
    const { images, text } = await exported('both', { format, out });
    expect(images).toBe(join(folder, `relative-${format}-images`));
    const paths = [...new Set(text.match(/[^"]+000001-a\.jpg/g))];
    expect(paths).toHaveLength(1);
    expect(isAbsolute(paths[0]!)).toBe(true);
    expect(new Uint8Array(await readFile(paths[0]!))).toEqual(BYTES);
  });

  it('is complete or absent: a failed export leaves no file', async () => {
    await write('imageless', { train: [row('a'), row('b', { images: [] })] });
    const out = join(folder, 'failed.jsonl');
    await expect(exported('imageless', { format: 'trl-sft', out })).rejects.toThrow('row b has no image');
    expect((await readdir(folder)).filter((name) => name.startsWith('failed.'))).toEqual([]);
  });

  it.each(['trl-grpo', 'verl'] as const)('%s refuses rows that the visual reward cannot score', async (format) => {
    await write('blind', { train: [row('a'), row('b', { elements: [], entities: [] })] });
    await expect(exported('blind', { format })).rejects.toThrow('1 rows of the split train');
    expect(await exported('blind', { format, withoutVisual: true })).toMatchObject({ rows: 2, withoutElements: 1 });
  });

  it('counts rows whose elements are unknown, and exports null for them', async () => {
    await write('unsegmented', { train: [row('a', { elements: [] })] });
    const { withoutElements, records } = await exported('unsegmented', { format: 'trl-grpo' });
    expect(withoutElements).toBe(1);
    expect(records()).toMatchObject([{ elements: null, entities: ['tram'] }]);
  });

  it('writes lists and null as JSON, and flattens them in CSV', async () => {
    const { records } = await exported('both', { format: 'jsonl' });
    expect(records()[0]).toMatchObject({ entities: ['tram'], elements: ELEMENTS, scene: null, LAT: null });
    const { text } = await exported('both', { format: 'csv' });
    expect(text.split('\n')[0]).toBe(
      'IMG_ID,split,LAT,LON,country,city,response,entities,elements,scene,annotator,owner,licence',
    );
    expect(text.split('\n')[1]).toBe('a,train,,,Finland,Helsinki,A tram.,tram,tram,,,,');
  });
});

// The expected records follow the sources of TRL 1.16.0, ms-swift 4.6.0 and verl 0.9.1.
describe('the form of', () => {
  const first = async (format: ExportOptions['format']) => (await exported('both', { format })).records()[0]!;
  const user = expect.stringMatching(/^(?!.*<image>)You are an expert/s);
  const userWithImage = expect.stringMatching(/^<image>You are an expert/);
  const image = expect.stringMatching(/^\/.*000001-a\.jpg$/);
  const truth = {
    solution: '<country>Finland</country><city>Helsinki</city>',
    entities: ['tram'],
    elements: ELEMENTS,
  };

  it('trl-sft has a prompt without placeholder, a completion and images', async () => {
    expect(await first('trl-sft')).toEqual({
      prompt: [{ role: 'user', content: user }],
      completion: [{ role: 'assistant', content: TARGET }],
      images: [image],
      sample_id: 'a',
      split: 'train',
    });
  });

  it('trl-grpo has a prompt of the user alone, and the columns of the rewards', async () => {
    expect(await first('trl-grpo')).toEqual({
      prompt: [{ role: 'user', content: user }],
      images: [image],
      ...truth,
      sample_id: 'a',
      split: 'train',
    });
  });

  it('ms-swift has messages with a placeholder for each image', async () => {
    expect(await first('ms-swift')).toEqual({
      messages: [
        { role: 'user', content: userWithImage },
        { role: 'assistant', content: TARGET },
      ],
      images: [image],
      ...truth,
      sample_id: 'a',
      split: 'train',
    });
  });

  it('verl has the truth in reward_model, and the rest in extra_info', async () => {
    const { solution, ...seen } = truth;
    expect(await first('verl')).toEqual({
      data_source: 'globe',
      prompt: [{ role: 'user', content: userWithImage }],
      images: [{ image }],
      ability: 'geolocation',
      reward_model: { style: 'rule', ground_truth: solution },
      extra_info: { index: 0, sample_id: 'a', split: 'train', image_path: image, ...seen },
    });
  });
});
