import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { BasicType, ColumnSource } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { images, imagesOf } from './cells.ts';
import { openDataset } from './read-dataset.ts';
import { parseSolution, solutionText } from './row.ts';
import type { DatasetRow } from './row.ts';
import { createSplitWriter } from './write-dataset.ts';

const COORDINATE = { coordinate: { latitudeDegrees: -18.5, longitudeDegrees: -70.25 } };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-dataset-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const row = (id: string, more: Partial<DatasetRow> = {}): DatasetRow => ({
  id,
  coordinate: { latitudeDegrees: 60.17, longitudeDegrees: 24.94 },
  country: 'Finland',
  city: 'Helsinki',
  images: [{ bytes: new Uint8Array([0xff, 0xd8, 0, 255]), path: `${id}.jpg` }],
  response: 'Granite façades & trams.',
  entities: ['granite façade', 'tram'],
  elements: [{ label: 'tram', share: 0.25 }],
  scene: 'urban',
  annotator: 'careful',
  promptVersion: 'annotate-1',
  mode: 'full',
  annotations: [
    {
      annotator: 'careful',
      localizable: true,
      country: 'Finland',
      city: 'Helsinki',
      reasoning: 'Granite façades & trams.',
      evidence: [
        { thing: 'tram', attribute: 'green and yellow', supports: 'Helsinki' },
        { thing: 'sign', text: 'Kioski' },
      ],
    },
    { annotator: 'bold', reasoning: 'A tram.' },
    { annotator: 'gps', coordinate: { latitudeDegrees: 60, longitudeDegrees: 25 }, confidence: 0.5 },
  ],
  gates: [{ gate: 'grounding', passed: true, score: 1, reason: 'all are seen' }],
  owner: '78841376@N00',
  licence: 'CC BY 2.0',
  hash: 'ff'.repeat(32),
  ...more,
});

async function write(rows: readonly DatasetRow[], options: { split?: string; fileBytes?: number } = {}) {
  const writer = createSplitWriter({ folder, split: 'train', ...options });
  for (const one of rows) await writer.add(one);
  return writer.finish();
}

async function readAll(path: string, columns?: readonly string[]): Promise<DatasetRow[]> {
  const files = await openDataset(path);
  const rows: DatasetRow[] = [];
  for (const file of files) {
    for await (const row of file.rows(columns === undefined ? {} : { columns })) rows.push(row);
  }
  return rows;
}

describe('a dataset', () => {
  it('returns the rows that were written, across row groups and files', async () => {
    const rows = Array.from({ length: 250 }, (_, i) =>
      row(`photo-${i}`, i % 2 === 0 ? {} : { entities: [], images: [] }),
    );
    const { files } = await write(rows, { fileBytes: 400 });
    expect(files).toEqual(['train-00000-of-00002.parquet', 'train-00001-of-00002.parquet']);
    expect(await readAll(folder)).toEqual(rows);
  });

  it('returns any row unchanged', async () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 30 });
    const arbitrary = fc
      .record({ response: words, entities: fc.array(words, { maxLength: 4 }), bytes: fc.uint8Array() })
      .map(({ bytes, ...rest }) => row('x', { ...rest, images: [{ bytes, path: 'x.jpg' }] }));
    await fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { minLength: 1, maxLength: 5 }), async (rows) => {
        await write(rows);
        expect(await readAll(folder)).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same file, byte for byte, for the same rows', async () => {
    const path = join(folder, 'train-00000-of-00001.parquet');
    await write([row('a'), row('b')]);
    const first = await readFile(path);
    await write([row('a'), row('b')]);
    expect((await readFile(path)).equals(first)).toBe(true);
  });

  it('reads only the requested columns', async () => {
    await write([row('a')]);
    expect(await readAll(folder, ['country', 'city'])).toEqual([
      { country: 'Finland', city: 'Helsinki', images: [], response: '', entities: [] },
    ]);
  });

  it('writes no file for a split without rows', async () => {
    expect(await write([])).toEqual({ files: [], rows: 0 });
  });

  it("reads a file with only the authors' columns, as pyarrow writes it", async () => {
    const rows = await readAll(join(import.meta.dirname, 'fixtures', 'mp16-reason-layout.parquet'));
    expect(rows).toEqual([
      {
        country: 'Japan',
        city: 'Kyōto',
        images: [{ bytes: expect.any(Uint8Array), path: 'a.png' }],
        response: 'Wooden machiya and a torii.',
        entities: ['machiya', 'torii'],
      },
      { country: 'Peru', city: 'Lima', images: [expect.anything()], response: 'Colonial balconies.', entities: [] },
    ]);
    expect(Buffer.from(rows[0]!.images[0]!.bytes).toString('latin1', 1, 4)).toBe('PNG');
  });

  it('names a file that is not Parquet or does not exist', async () => {
    await writeFile(join(folder, 'cut.parquet'), 'PAR1 and then nothing');
    await expect(openDataset(folder)).rejects.toThrow('cut.parquet is not a Parquet file');
    await expect(openDataset(join(folder, 'no'))).rejects.toThrow('does not exist');
  });
});

describe('a Parquet file by others', () => {
  const place = { name: '__#solution', data: [solutionText({ country: 'Chile', city: 'Arica' })] };
  const bytes = new Uint8Array([0xff, 0xd8, 1]);
  type Cell = { readonly name: string; readonly data: readonly unknown[]; readonly type?: BasicType };

  async function rowWith(...cells: readonly Cell[]): Promise<DatasetRow> {
    const path = join(folder, 'other.parquet');
    await writeFile(path, Buffer.from(parquetWriteBuffer({ columnData: [place, ...cells] as ColumnSource[] })));
    return (await readAll(path))[0]!;
  }
  const position = (latitude: unknown, longitude: unknown, type?: BasicType): Cell[] => [
    { name: 'LAT', data: [latitude], ...(type && { type }) },
    { name: 'LON', data: [longitude], ...(type && { type }) },
  ];

  it.each<[string, Partial<DatasetRow>, readonly Cell[]]>([
    ['integer ids', { id: '7' }, [{ name: 'IMG_ID', data: [7], type: 'INT32' }]],
    ['ids of 64 bits', { id: '9007199254740993' }, [{ name: 'IMG_ID', data: [9_007_199_254_740_993n], type: 'INT64' }]],
    ['ids without a string type', { id: 'é' }, [{ name: 'IMG_ID', data: [Buffer.from('é')], type: 'BYTE_ARRAY' }]],
    ['integer owners', { owner: '12' }, [{ name: 'owner', data: [12n], type: 'INT64' }]],
    ['positions in text', COORDINATE, position('-18.5', '-70.25')],
    ['positions of 32 bits', COORDINATE, position(-18.5, -70.25, 'FLOAT')],
    ['whole degrees', { coordinate: { latitudeDegrees: -18, longitudeDegrees: -70 } }, position(-18n, -70n, 'INT64')],
    ['missing positions', {}, position(Number.NaN, Number.NaN, 'DOUBLE')],
    ['empty positions', {}, position('', '')],
  ])('with %s is read', async (_, expected, cells) => {
    const { country, city, images, response, entities, ...read } = await rowWith(...cells);
    expect([country, city, images, response, entities]).toEqual(['Chile', 'Arica', [], '', []]);
    expect(read).toEqual(expected);
  });

  it.each<[string, string, readonly Cell[]]>([
    ['a latitude of 118', 'latitude 118', position(118, -70, 'DOUBLE')],
    ['an infinite longitude', 'LON', position(-18, Number.POSITIVE_INFINITY, 'DOUBLE')],
    ['half of a position', 'longitude NaN', position(-18.5, Number.NaN, 'DOUBLE')],
    ['a position with a letter', 'LAT', position('18.5 S', '70.25 W')],
    ['a path alone', '"a/b.jpg", but not its bytes', [{ name: 'image', data: ['a/b.jpg'] }]],
  ])('with %s is refused with the reason', async (_, reason, cells) => {
    await expect(rowWith(...cells)).rejects.toThrow(reason);
  });

  it.each<[string, unknown, string]>([
    ['one image', bytes, ''],
    ['a list of bytes', [bytes], ''],
    ['a struct', { bytes, path: 'x.jpg' }, 'x.jpg'],
    ['a list of structs without paths', [{ bytes, path: null }], ''],
  ])('with images as %s has its images', (_, cell, path) => {
    expect(imagesOf(images.parse(cell), 'row 1')).toEqual([{ bytes, path }]);
  });

  it('without an image has none', () => {
    for (const cell of [null, undefined, [], [null], [{ bytes: null, path: null }], { bytes: null, path: '' }]) {
      expect(imagesOf(images.parse(cell), 'row 1')).toEqual([]);
    }
    expect(() => imagesOf(images.parse([{ bytes: null, path: 'x.jpg' }]), 'row 1')).toThrow('not its bytes');
  });
});

describe('a solution', () => {
  it('carries country and city in the tags that the released reward reads', () => {
    const place = { country: "Côte d'Ivoire", city: 'Abidjan' };
    expect(solutionText(place)).toBe("<country>Côte d'Ivoire</country><city>Abidjan</city>");
    expect(parseSolution(solutionText(place))).toEqual(place);
    expect(parseSolution('<country>'.repeat(50_000))).toEqual({ country: '', city: '' });
    expect(parseSolution('The answer is <city>\n Lima </city> in <COUNTRY>Peru</COUNTRY>.')).toEqual({
      country: 'Peru',
      city: 'Lima',
    });
  });
});
