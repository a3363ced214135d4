import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  MAX_JSON_VALUES,
  readRequest,
  type RequestBody,
  type RequestFormat,
  type RewardRow,
  type SentImage,
  valuesIn,
} from './read-request.ts';
import { requestReader } from './request-reader.ts';

const MEBIBYTE = 1024 * 1024;

/** Creates a request whose body arrives in pieces of 64 KiB, as from a socket. */
function sent(body: string): Request {
  const bytes = Buffer.from(body);
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(Uint8Array.from(bytes.subarray(at, at + 65_536)));
      at += 65_536;
    },
  });
  return new Request('http://localhost', { method: 'POST', body: stream, duplex: 'half' });
}

/**
 * Runs `work`. Returns its result, and the longest processor time of this thread between two turns of the event loop.
 */
async function longestTurn<T>(work: () => Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const state = { isDone: false };
  let longest = 0;
  const finished = work().finally(() => (state.isDone = true));
  while (!state.isDone) {
    const before = process.threadCpuUsage();
    await setImmediate();
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, user + system);
  }
  return { result: await finished, milliseconds: longest / 1000 };
}

const row = (id: number, more: object): object => ({ id, completion: 'a', solution: 'France\tParis', ...more });

const rowsOf = (request: RequestBody): RewardRow[] =>
  request.kind === 'rows' ? request.rows.flatMap((read) => (read.kind === 'valid' ? [read.row] : [])) : [];
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it('reads six images of 8 MB without occupying the event loop', async () => {
  const images = Array.from({ length: 6 }, (_, i) => Buffer.alloc(7_900_000, i));
  const rows = images.map((bytes, i) => row(i, { images: [{ base64: bytes.toString('base64') }] }));
  const request = sent(JSON.stringify({ rows }));
  const reader = requestReader();
  const { result, milliseconds } = await longestTurn(() => reader.read(request, { format: 'score' }));
  const found = rowsOf(result).map(({ image }) => image as SentImage);
  expect(found.map((image) => image.sha256)).toEqual(images.map(sha256));
  expect(found.map(({ bytes }) => sha256(bytes))).toEqual(images.map(sha256));
  expect(milliseconds).toBeLessThan(100);
});

it('reads 10,000 rows with a hundred values each without occupying the event loop', async () => {
  const elements = Array.from({ length: 25 }, (_, i) => ({ label: `thing ${i}`, share: 0.01 }));
  const entities = elements.map(({ label }) => label);
  const rows = Array.from({ length: 10_000 }, (_, i) =>
    row(i, { elements, entities, images: [{ id: String(i % 9) }] }),
  );
  const request = sent(JSON.stringify({ rows, detail: true }));
  const reader = requestReader();
  const { result, milliseconds } = await longestTurn(() => reader.read(request, { format: 'score' }));
  expect(result).toEqual(readRequest(Buffer.from(JSON.stringify({ rows, detail: true })), 'score'));
  expect(milliseconds).toBeLessThan(100);
});

const padding = 'x'.repeat(MEBIBYTE);
const long = { completion: padding };

it.each<[string, RequestFormat, object]>([
  ['rows that share an image', 'score', { rows: [1, 2].map((i) => row(i, { ...long, images: [{ base64: 'QUJD' }] })) }],
  ['rows without an image', 'score', { rows: [row(1, long)], detail: true }],
  ['an invalid row', 'score', { rows: [row(1, long), { id: 2 }] }],
  ['an invalid field', 'score', { rows: [row(1, long)], detail: 5 }],
  ['queries', 'openrlhf', { query: [padding], prompts: ['x'], labels: ['France'] }],
  [
    'labels with an image',
    'openrlhf',
    { query: [padding], prompts: [''], labels: ['{"solution":"France","images":[{"base64":"QUJD"}]}'] },
  ],
  ['an invalid label', 'openrlhf', { query: [padding], prompts: [''], labels: ['{"solution":3}'] }],
])('reads %s alike in a thread and at once', async (_, format, body) => {
  const text = JSON.stringify(body);
  const read = await requestReader().read(sent(text), { format });
  expect(read).toEqual(readRequest(Buffer.from(text), format));
});

it('shares the bytes of an image that several rows name', async () => {
  const text = JSON.stringify({ rows: [1, 2].map((i) => row(i, { ...long, images: [{ base64: 'QUJD' }] })) });
  for (const read of [
    await requestReader().read(sent(text), { format: 'score' }),
    readRequest(Buffer.from(text), 'score'),
  ]) {
    const [a, b] = rowsOf(read);
    expect(a!.image).toBe(b!.image);
    expect(Buffer.from((a!.image as SentImage).bytes).toString()).toBe('ABC');
  }
});

it('reads several large requests one after the other', async () => {
  const reader = requestReader();
  const bodies = [1, 2, 3].map((i) => sent(JSON.stringify({ rows: [row(i, long)] })));
  const read = await Promise.all(bodies.map((body) => reader.read(body, { format: 'score' })));
  expect(read.map((one) => rowsOf(one)[0]!.id)).toEqual(['1', '2', '3']);
});

it('refuses a body of nested lists before it takes memory', async () => {
  const brackets = '['.repeat(MAX_JSON_VALUES + 1);
  const invalid = { kind: 'invalid', status: 413, error: expect.stringContaining('JSON values') as unknown };
  expect(await requestReader().read(sent(brackets), { format: 'score' })).toEqual(invalid);
  expect(
    await requestReader().read(sent(`{"rows":[${'[],'.repeat(MAX_JSON_VALUES)}[]]}`), { format: 'score' }),
  ).toEqual(invalid);
  const queries = { query: ['a'], prompts: [''], labels: [`{"solution":${brackets}`] };
  expect(await requestReader().read(sent(JSON.stringify(queries)), { format: 'openrlhf' })).toEqual(invalid);
});

it('never counts fewer values than a JSON text has', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const counted = valuesIn(Buffer.from(text));
      expect(counted).toBeGreaterThanOrEqual(valuesOf(JSON.parse(text)));
    }),
  );
  expect(valuesIn(Buffer.from('["a,[{", "\\\\", "\\"[,{", 1]'))).toBe(5);
});

/** Counts the values in parsed JSON. */
const valuesOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, inner) => sum + valuesOf(inner), 1)
    : 1;
