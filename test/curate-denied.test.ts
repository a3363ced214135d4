/**
 * Tests that `globe curate` ends at once if the key, the model or the address is wrong, and leaves no empty dataset.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawPhotos } from './support/curation-world.ts';
import { startOpenAIServer, type ServerOptions } from './support/openai-server.ts';
import { runGlobeHere } from './support/run-globe.ts';

const COUNT = 30;
/** A run ends after 25 refusals. Up to 5 more requests can be in flight at that time. */
const MAX_REQUESTS = 25 + 5;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-denied-'));
  await drawPhotos(join(folder, 'photos'), COUNT);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

async function curate(name: string, fault: ServerOptions['fault']) {
  await using server = await startOpenAIServer({ ...(fault && { fault }), answer: () => 'no JSON at all' });
  const recipe = join(folder, `${name}.yaml`);
  const without = { gps: null, segmentation: null, dedupe: null, split: null };
  const annotators = [{ model: `${server.baseUrl}#m`, concurrency: 2 }];
  await writeFile(recipe, JSON.stringify({ mode: 'single', annotators, annotation: { tries: 1 }, ...without }));
  const where = ['--input', join(folder, 'photos'), '--out', join(folder, name)];
  const run = await runGlobeHere(['curate', '--recipe', recipe, ...where, '--quiet']);
  return { ...run, requests: server.requestCount() };
}

it.each([
  ['key', 401, 'Set a valid key'],
  ['model', 404, 'Check the model name'],
  ['method', 501, 'refusals'],
] as const)('ends at once for a wrong %s', { timeout: 60_000 }, async (name, status, advice) => {
  const { exitCode, stderr, requests } = await curate(name, () => ({ kind: 'status', status }));
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(advice) as unknown });
  expect(stderr).toContain('were all refusals');
  expect(requests).toBeLessThanOrEqual(MAX_REQUESTS);
});
