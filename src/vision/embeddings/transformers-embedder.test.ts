/**
 * Runs the real library on a tiny BERT with random weights, and compares its sentence embeddings with PyTorch's
 * (scripts/build/fixtures/tiny_text_and_segmentation.py). scripts/check/embeddings.ts checks all-MiniLM-L6-v2.
 */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { embeddingMeaning } from './embedding-meaning.ts';
import { dotProduct } from './embedder.ts';
import { openTransformersEmbedder } from './transformers-embedder.ts';

const folder = fileURLToPath(new URL('fixtures/tiny-bert/', import.meta.url));
const reference = JSON.parse(await readFile(`${folder}reference.json`, 'utf8')) as {
  sentences: string[];
  embeddings: number[][];
};
const { signal } = new AbortController();
const cacheFolder = tmpdir();

it("gives PyTorch's embeddings", async () => {
  await using embedder = await openTransformersEmbedder(folder, { cacheFolder });
  const vectors = await embedder.embed(reference.sentences, { signal });
  for (const [i, vector] of vectors.entries()) {
    for (const [k, value] of vector.entries()) expect(value).toBeCloseTo(reference.embeddings[i]![k]!, 5);
  }
});

it('embeds all of a text longer than the limit of the model', async () => {
  await using embedder = await openTransformersEmbedder(folder, { cacheFolder });
  const [short] = await embedder.embed(['a red car drives past a brick building'], { signal });
  const [long, other] = await embedder.embed(
    [
      'a red car drives past a brick building '.repeat(40),
      `${'a red car drives past a brick building '.repeat(40)}palm trees line the beach`,
    ],
    { signal },
  );
  expect(dotProduct(long!, long!)).toBeCloseTo(1, 5);
  expect(dotProduct(short!, long!)).toBeGreaterThan(0.9);
  expect(dotProduct(long!, other!)).toBeLessThan(0.999999);
  expect(await embedder.embed(['x'.repeat(5000)], { signal })).toHaveLength(1);
});

it('measures meaning as a cosine within [0, 1], symmetric, and 1 for equal texts', async () => {
  await using embedder = await openTransformersEmbedder(folder, { cacheFolder });
  const measure = embeddingMeaning(embedder);
  const [a, b] = reference.sentences as [string, string];
  const forward = await measure.similarity(a, b, { signal });
  expect(forward).toBeCloseTo(await measure.similarity(b, a, { signal }), 6);
  expect(forward).toBeGreaterThanOrEqual(0);
  expect(forward).toBeLessThanOrEqual(1);
  expect(await measure.similarity(a, a, { signal })).toBe(1);
  expect(measure.name).toContain('tiny-bert');
});

it('reports a missing model and what to do, without network access', async () => {
  const failure = openTransformersEmbedder('nobody/no-such-model', { cacheFolder });
  await expect(failure).rejects.toMatchObject({ code: 'not-found', hint: /--allow-download/ });
});
