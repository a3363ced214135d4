import fc from 'fast-check';
import { expect, it } from 'vitest';
import { testClock } from '../../../test/support/clock.ts';
import { embeddingMeaning } from './embedding-meaning.ts';
import { openOpenAIEmbedder } from './openai-embedder.ts';

const { signal } = new AbortController();
type Request = { model: string; input: string[]; encoding_format: string };
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
/**
 * Creates a server that first returns `faults`. Then it returns vectors that depend on each text's length, in reverse
 * order.
 */
function server(...faults: Response[]) {
  const requests: Request[] = [];
  const answer: typeof fetch = async (url, init) => {
    expect(url).toBe('http://127.0.0.1:9/v1/embeddings');
    const request = JSON.parse(Buffer.from(init!.body as Uint8Array).toString()) as Request;
    requests.push(request);
    const fault = faults.shift();
    if (fault !== undefined) return fault;
    return json({
      object: 'list',
      data: request.input.map((text, index) => ({ index, embedding: [3, text.length] })).toReversed(),
    });
  };
  return { requests, fetch: answer };
}
const open = async (fetch: typeof globalThis.fetch) =>
  openOpenAIEmbedder({
    baseUrl: 'http://127.0.0.1:9/v1',
    model: 'minilm',
    fetch,
    clock: testClock(),
    random: () => 0,
  });

it('sends batches and keeps the order of the texts', async () => {
  const { fetch, requests } = server();
  const texts = Array.from({ length: 130 }, (_, i) => 'x'.repeat(i));
  const vectors = await (await open(fetch)).embed(texts, { signal });
  expect(requests.map(({ input }) => input.length)).toEqual([64, 64, 2]);
  expect(requests[0]).toMatchObject({ model: 'minilm', encoding_format: 'float' });
  for (const [i, [x, y]] of vectors.entries()) {
    expect(y! / x!).toBeCloseTo(i / 3, 4);
    expect(Math.hypot(x!, y!)).toBeCloseTo(1, 6);
  }
});

it('retries after an overload', async () => {
  const { fetch, requests } = server(json({ error: { message: 'busy' } }, 429), json({ error: {} }, 503));
  expect(await (await open(fetch)).embed(['a'], { signal })).toHaveLength(1);
  expect(requests).toHaveLength(3);
});

it('rejects missing embeddings and mixed sizes', async () => {
  const missing = server(json({ data: [{ index: 0, embedding: [1] }] }));
  await expect((await open(missing.fetch)).embed(['a', 'b'], { signal })).rejects.toThrow(
    '1 embeddings of 1 sizes for 2',
  );
  const uneven = server(
    json({
      data: [
        { index: 0, embedding: [1] },
        { index: 1, embedding: [1, 2] },
      ],
    }),
  );
  await expect((await open(uneven.fetch)).embed(['a', 'b'], { signal })).rejects.toThrow('of 2 sizes');
});

it('reports a chat completion as the answer', async () => {
  const { fetch } = server(...Array.from({ length: 6 }, () => json({ choices: [] })));
  await expect((await open(fetch)).embed(['a'], { signal })).rejects.toThrow('contains no embeddings');
});

it('does not retry what the server rejects', async () => {
  const { fetch, requests } = server(json({ error: { message: 'no such model' } }, 404));
  await expect((await open(fetch)).embed(['a'], { signal })).rejects.toMatchObject({ code: 'denied' });
  expect(requests).toHaveLength(1);
});

it('stays within [0, 1] for any vectors', async () => {
  const component = fc.double({ min: -1, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.array(component, { minLength: 8, maxLength: 8 }), async (values) => {
      const measure = embeddingMeaning({
        name: 'test',
        embed: async () => [Float32Array.from(values.slice(0, 4)), Float32Array.from(values.slice(4))],
      });
      const similarity = await measure.similarity('a', 'b', { signal });
      expect(similarity).toBeGreaterThanOrEqual(0);
      expect(similarity).toBeLessThanOrEqual(1);
    }),
  );
});
