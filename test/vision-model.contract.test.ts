/** Tests the contract of VisionModel by running one suite on every implementation. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareImage } from '../src/image/prepare-image.ts';
import type { PreparedImage } from '../src/image/prepared-image.ts';
import { DIALECTS } from '../src/vision/openai-compatible/dialects.ts';
import { openOpenAICompatibleModel } from '../src/vision/openai-compatible/openai-compatible-model.ts';
import { scriptedModel } from '../src/vision/scripted-model.ts';
import { openTransformersModel } from '../src/vision/transformers/transformers-model.ts';
import type { GenerateRequest, VisionModel } from '../src/vision/vision-model.ts';
import { testClock } from './support/clock.ts';
import { startOpenAIServer } from './support/openai-server.ts';
import type { TestServer } from './support/openai-server.ts';
import { picture } from './support/photos.ts';
import { nanoThatSays } from './support/tiny-nano.ts';
import { writeTinyModel } from './support/tiny-vlm.ts';

let folder: string;
let servers: TestServer[];
let image: PreparedImage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-contract-'));
  await writeTinyModel(join(folder, 'tiny'), 'llava');
  image = await prepareImage(await picture());
  servers = [await startOpenAIServer(), await startOpenAIServer({ maxN: 1 })];
});
afterAll(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const served = async (index: number, dialect = DIALECTS.generic): Promise<VisionModel> =>
  openOpenAICompatibleModel({ baseUrl: servers[index]!.baseUrl, model: 'm', dialect, clock: testClock() });

const IMPLEMENTATIONS: Readonly<Record<string, () => Promise<VisionModel>>> = {
  'a server with n': async () => served(0),
  'a server that ignores n': async () => served(1),
  'a server without n': async () => served(1, DIALECTS.ollama),
  'a model in this process': async () => openTransformersModel(join(folder, 'tiny'), { cacheFolder: folder }),
  'the embedded model': async () => nanoThatSays('country: Peru'),
  'a script': async () => scriptedModel(({ samples }) => Array.from({ length: samples }, () => 'country: Peru')),
};

const request = (more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  image,
  prompt: 'Where?',
  samples: 1,
  temperature: 1,
  maxTokens: 8,
  seed: 1,
  signal: new AbortController().signal,
  ...more,
});

describe.each(Object.entries(IMPLEMENTATIONS))('%s', (_, open) => {
  it('has a name for results', async () => {
    expect((await open()).name).toMatch(/\S/);
  });

  it.each([1, 3])('returns exactly %i completions on request', async (samples) => {
    const completions = await (await open()).generate(request({ samples }));
    expect(completions).toHaveLength(samples);
    for (const { text, finishReason } of completions) {
      expect(text).toContain('country:');
      expect(['stop', 'length']).toContain(finishReason);
    }
  });

  it('answers text without an image', async () => {
    const { image: _, ...text } = request();
    expect(await (await open()).generate(text)).toHaveLength(1);
  });

  it('serves concurrent requests', async () => {
    const model = await open();
    const answers = await Promise.all([1, 2, 3].map(async (seed) => model.generate(request({ seed }))));
    expect(answers.map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  it('rejects with the reason of an aborted signal', async () => {
    const model = await open();
    const reason = new Error('enough');
    await expect(model.generate(request({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  });

  it('rejects a request for 0 samples', async () => {
    await expect((await open()).generate(request({ samples: 0 }))).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
