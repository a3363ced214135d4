/**
 * Runs the field cases whose input is more than one text: tables, photos, Parquet files, answers of servers, and rows
 * for rewards.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ColumnSource } from 'hyparquet-writer';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Coordinate } from '../../src/core/coordinate.ts';
import { reportOf } from '../../src/evaluation/report/report.ts';
import { scoreFile } from '../../src/evaluation/score-file.ts';
import type { ScoreOptions } from '../../src/evaluation/score-file.ts';
import { openGazetteer } from '../../src/gazetteer/open.ts';
import type { Grounder } from '../../src/grounding/grounding.ts';
import { readPhotoMetadata } from '../../src/image/photo-metadata.ts';
import { withSidecars } from '../../src/image/sidecar-metadata.ts';
import { imageSource } from '../../src/server/reward-service/image-source.ts';
import { rewardService } from '../../src/server/reward-service/reward-service.ts';
import { openDataset } from '../../src/storage/dataset/read-dataset.ts';
import { completionsOf } from '../../src/vision/openai-compatible/response.ts';
import { ascii, doubles, photo, rationals } from '../support/exif-photo.ts';
import { picture } from '../support/photos.ts';

const MIN_CASES_OF_CLASS = 10;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-records-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const gazetteer = openGazetteer();
/** The accuracy reward uses no grounder. */
const NO_GROUNDER: Grounder = { entities: () => [], claims: () => [], match: () => [] };

/** Fields of the expected outcome. For errors and problems, a part of the text suffices. */
type Expected = Readonly<Record<string, unknown>>;
type Case = Expected & { readonly class: string; readonly expected: Expected };
type Run = (one: Case) => unknown;

const RUNS: Readonly<Record<string, Run>> = {
  'tables.jsonl': runTable,
  'servers.jsonl': runServer,
  'reward-rows.jsonl': runRow,
  'photos.jsonl': runPhoto,
  'parquet.jsonl': runParquet,
};

const cases = await Promise.all(
  Object.entries(RUNS).map(async ([file, run]) => {
    const text = await readFile(join(import.meta.dirname, 'records', file), 'utf8');
    return text
      .trim()
      .split('\n')
      .map((line) => ({ run, one: JSON.parse(line) as Case }));
  }),
);

describe.each([...Map.groupBy(cases.flat(), ({ one }) => one.class)])('%s', (_, ofClass) => {
  it.each(ofClass.map(({ run, one }) => [JSON.stringify({ ...one, class: undefined }), run, one] as const))(
    '%s',
    async (_name, run, one) => {
      expect(await outcomeOf(run, one)).toMatchObject(one.expected);
    },
  );

  it(`has at least ${MIN_CASES_OF_CLASS} cases`, () => {
    expect(ofClass.length).toBeGreaterThanOrEqual(MIN_CASES_OF_CLASS);
  });
});

/**
 * Returns the outcome of a case. If the text of an error or problem contains the expected part, returns only this part.
 */
async function outcomeOf(run: Run, one: Case): Promise<unknown> {
  const kept = (outcome: object) =>
    Object.entries(outcome).map(([key, value]) => {
      const part = one.expected[key];
      return [key, isText(value) && isText(part) && value.includes(part) ? part : value];
    });
  try {
    return Object.fromEntries(kept((await run(one)) as object)) as unknown;
  } catch (thrown) {
    const { message, status } = thrown as { message: string; status?: number };
    return Object.fromEntries(kept({ error: message, status })) as unknown;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';

async function runTable({ csv, from, columns }: Case): Promise<unknown> {
  const file = join(folder, 'table.csv');
  await writeFile(file, csv as string);
  const options = { from, ...(columns !== undefined && { columns }) } as Pick<ScoreOptions, 'from' | 'columns'>;
  const scored = await scoreFile({ file, gazetteer, ...options });
  const { columnsRead } = reportOf(scored, { geocoder: gazetteer.provenance }).protocol;
  return {
    near: scored.outcomes.filter(({ distanceKm: km = Infinity }) => km <= 25).length,
    kinds: scored.outcomes.map(({ outcome }) => outcome.kind),
    swapped: scored.reading.swapped,
    prediction: /prediction "([^"]*)"/.exec(columnsRead)?.[1],
  };
}

function runServer({ body }: Case): unknown {
  const [completion] = completionsOf(body);
  return { text: completion!.text, completionTokens: completion!.usage?.completionTokens };
}

async function runRow({ row }: Case): Promise<unknown> {
  const app = rewardService({
    scoring: {
      mode: 'paper',
      weights: { accuracy: 1 },
      gazetteer,
      grounder: NO_GROUNDER,
      images: imageSource({ folder }),
      deadlineMs: 5000,
    },
    maxBodyBytes: 1_000_000,
    log: pino({ enabled: false }),
    now: () => performance.now(),
  });
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rows: [row] }),
  };
  const response = await app.request('/v1/score', request);
  expect(response.status).toBe(200);
  type Row = { readonly components: { readonly accuracy?: number | null }; readonly error?: string };
  const { rows } = (await response.json()) as { rows: [Row] };
  return { accuracy: rows[0].components.accuracy ?? null, error: rows[0].error };
}

async function runPhoto({ exif, type, xmp, sidecar, json }: Case): Promise<unknown> {
  const name = join(folder, 'PHOTO.jpg');
  const beside = sidecar === undefined ? undefined : join(folder, sidecar as string);
  const text = packet((xmp as string | undefined) ?? '');
  if (beside !== undefined) await writeFile(beside, json === undefined ? text : JSON.stringify(json));
  const plain = sharp(await picture()).jpeg();
  const bytes =
    exif === undefined
      ? await (xmp === undefined || beside !== undefined ? plain : plain.withXmp(text)).toBuffer()
      : await photo(tagsOf(exif as Record<string, string | number[]>, type as string));
  const { coordinate, problem } = await withSidecars(await readPhotoMetadata(bytes), name);
  if (beside !== undefined) await rm(beside);
  return { ...rounded(coordinate), problem };
}

const packet = (properties: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" ${properties}/></rdf:RDF></x:xmpmeta>`;

function tagsOf(exif: Readonly<Record<string, string | number[]>>, type: string): Parameters<typeof photo>[0] {
  const numbers = type === 'double' ? doubles : rationals;
  const values = Object.entries(exif).map(([tag, value]) => [
    Number(tag),
    typeof value === 'string' ? ascii(value) : numbers(...value),
  ]);
  return Object.fromEntries(values) as Parameters<typeof photo>[0];
}

async function runParquet({ columns }: Case): Promise<unknown> {
  const solution = { name: '__#solution', data: ['<country>Kenya</country><city>Nairobi</city>'] };
  const path = join(folder, 'other.parquet');
  const columnData = [solution, ...(columns as object[]).map((column) => binary(column))] as ColumnSource[];
  await writeFile(path, Buffer.from(parquetWriteBuffer({ columnData })));
  const rows = [];
  for (const file of await openDataset(path)) for await (const row of file.rows()) rows.push(row);
  const { id, images, coordinate } = rows[0]!;
  return { id, images: images.length, ...rounded(coordinate) };
}

/** Replaces {"hex": "ffd8"} by bytes, and "NaN" in numeric columns by NaN. */
function binary(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(binary);
  if (typeof value !== 'object' || value === null) return value;
  if ('hex' in value) return new Uint8Array(Buffer.from(value.hex as string, 'hex'));
  const { type, data } = value as { type?: string; data?: unknown[] };
  const entries = Object.entries(value).map(([key, one]) => [key, binary(one)]);
  const numbers = type === 'DOUBLE' && { data: data!.map(Number) };
  return { ...(Object.fromEntries(entries) as object), ...numbers };
}

const rounded = (at: Coordinate | undefined) =>
  at && { lat: Number(at.latitudeDegrees.toFixed(3)), lon: Number(at.longitudeDegrees.toFixed(3)) };
