/** Tests `globe curate` with a server that cuts off every answer. Then resumes the run with a higher token limit. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPhotos } from '../src/curation/observe/read-photos.ts';
import { openGazetteer } from '../src/gazetteer/open.ts';
import { prepareImage } from '../src/image/prepare-image.ts';
import { annotationText } from '../src/prompts/annotate-prompt.ts';
import { drawPhotos } from './support/curation-world.ts';
import { imagesIn, startOpenAIServer } from './support/openai-server.ts';
import type { ChatBody, TestServer } from './support/openai-server.ts';
import { runGlobeHere } from './support/run-globe.ts';

const COUNT = 40;
const TRIES = 2;
let folder: string;
let server: TestServer;
/** Complete answers. The key is the base64 text of the image that the model receives. */
const answers = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-malformed-'));
  await drawPhotos(join(folder, 'photos'), COUNT);
  const gazetteer = openGazetteer();
  for (const { path, coordinate } of await readPhotos(join(folder, 'photos'))) {
    const { country, city } = gazetteer.reverse(coordinate)!;
    const reasoning = `A road with palm trees, as in ${city}.`;
    const { bytes } = await prepareImage(path);
    answers.set(
      Buffer.from(bytes).toString('base64'),
      annotationText({ reasoning, localizable: 'yes', country, city: city ?? null }),
    );
  }
  server = await startOpenAIServer({ answer });
}, 60_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Cuts off an answer after 20 characters if the request's token limit is below 200. */
function answer(body: ChatBody): string | object {
  const text = answers.get(Buffer.from(imagesIn(body)[0]!.bytes).toString('base64'))!;
  if (Number(body['max_tokens']) >= 200) return text;
  return { finish_reason: 'length', message: { role: 'assistant', content: text.slice(0, 20) } };
}

async function curate(name: string, maxTokens: number) {
  const recipe = join(folder, `${maxTokens}.yaml`);
  const annotator = { model: `${server.baseUrl}#m`, concurrency: 2 };
  const annotation = { maxTokens, tries: TRIES };
  await writeFile(
    recipe,
    JSON.stringify({
      mode: 'single',
      annotators: [annotator],
      annotation,
      gps: null,
      segmentation: null,
      dedupe: null,
      split: null,
    }),
  );
  const args = [
    '--recipe',
    recipe,
    '--input',
    join(folder, 'photos'),
    '--out',
    join(folder, name),
    '--quiet',
    '--json',
  ];
  return runGlobeHere(['curate', ...args]);
}

it('stops after 25 cut answers with their finish reason, and asks them again with a higher limit', async () => {
  const cut = await curate('run', 64);
  expect(cut).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /first 25 answers .* all malformed.*cut at the limit of 64 tokens \(finish reason "length"\)/,
    ),
  });
  // The run stops after 25 malformed answers, but requests that are in flight at that time are still answered.
  const paid = server.requestCount();
  expect(paid).toBeLessThan(TRIES * (25 + 5));
  const raised = await curate('run', 400);
  expect(raised).toMatchObject({ exitCode: 0 });
  expect((JSON.parse(raised.stdout) as { assembled: { funnel: object } }).assembled.funnel).toMatchObject({
    photos: COUNT,
    train: COUNT,
  });
  expect(server.requestCount() - paid).toBe(COUNT);
  // The run refuses a lower limit, because answers would then differ from the recorded ones.
  expect(await curate('run', 64)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('annotation was') });
}, 60_000);
