import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../../test/support/tiny-vlm.ts';
import type { Architecture } from '../../../test/support/tiny-vlm.ts';
import { prepareImage } from '../../image/prepare-image.ts';
import type { GenerateRequest, VisionModel } from '../vision-model.ts';
import { IMAGES_FIRST, openTransformersModel } from './transformers-model.ts';

let folder: string;
let model: VisionModel;

const openTiny = async (architecture: Architecture): Promise<VisionModel> => {
  await writeTinyModel(join(folder, architecture), architecture);
  return openTransformersModel(join(folder, architecture), { cacheFolder: join(folder, 'cache') });
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-llava-'));
  model = await openTiny('llava');
});
afterAll(async () => rm(folder, { recursive: true }));

const coloured = async (background: string) =>
  prepareImage(
    await sharp({ create: { width: 40, height: 30, channels: 3, background } })
      .png()
      .toBuffer(),
  );

const request = async (colour: string, more: Partial<GenerateRequest> = {}): Promise<GenerateRequest> => ({
  image: await coloured(colour),
  prompt: 'Where?',
  samples: 1,
  temperature: 0,
  maxTokens: 16,
  signal: new AbortController().signal,
  ...more,
});

describe('a model in this process', () => {
  it('uses the image and generates until the end token', async () => {
    expect(await model.generate(await request('#0000ff'))).toEqual([
      {
        text: 'country: Japan, city: Hamada',
        finishReason: 'stop',
        usage: { promptTokens: 4, completionTokens: 5 },
      },
    ]);
    expect((await model.generate(await request('#ff0000')))[0]!.text).toBe('country: Peru, city: Lima');
  });

  it('gets inputs for its architecture: Qwen2.5-VL takes patches, and many tokens per image', async () => {
    const qwen = await openTiny('qwen2_5_vl');
    const [completion] = await qwen.generate(await request('#ff0000'));
    expect(completion).toMatchObject({ text: 'country: Peru, city: Lima', finishReason: 'stop' });
    expect(completion!.usage!.promptTokens).toBeGreaterThan(8);
    expect((await qwen.generate(await request('#0000ff')))[0]!.text).toBe('country: Japan, city: Hamada');
  });

  it('stops at the limit of tokens and at stop strings', async () => {
    expect(await model.generate(await request('#0000ff', { maxTokens: 2 }))).toMatchObject([
      { text: 'country: Japan,', finishReason: 'length' },
    ]);
    expect(await model.generate(await request('#0000ff', { stop: [', city'] }))).toMatchObject([
      { text: 'country: Japan', finishReason: 'stop' },
    ]);
  });

  it('repeats samples for the same seed, and varies them within a request', async () => {
    const undecided = await request('#808080', { temperature: 1, samples: 12, seed: 3 });
    const texts = async (): Promise<string[]> => (await model.generate(undecided)).map(({ text }) => text);
    const first = await texts();
    expect(new Set(first).size).toBeGreaterThan(1);
    expect(await texts()).toEqual(first);
  });

  it('returns the log-probabilities of the model itself, whatever the temperature', async () => {
    for (const temperature of [0, 0.5]) {
      const [completion] = await model.generate(
        await request('#808080', { topLogprobs: 2, maxTokens: 2, temperature, seed: 1 }),
      );
      const step = completion!.logprobs![1]!;
      expect(step.logprob).toBeCloseTo(Math.log(0.5), 4);
      expect(step.top!.map(({ token }) => token).toSorted((a, b) => a.localeCompare(b))).toEqual(['Japan,', 'Peru,']);
      expect(step.top![0]!.logprob).toBeCloseTo(Math.log(0.5), 4);
    }
  });

  it('aborts with the reason of the signal', async () => {
    const signal = AbortSignal.abort();
    await expect(model.generate(await request('#0000ff', { signal }))).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('rejects options that the library silently ignores', async () => {
    await expect(model.generate(await request('#0000ff', { topP: 0.9 }))).rejects.toThrow(/topP 0.9/);
  });
});

describe('opening', () => {
  it('reports missing files and how to get them, without network access', async () => {
    const options = { cacheFolder: join(folder, 'cache') };
    await expect(openTransformersModel('nobody/no-such-model', options)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('nobody/no-such-model'),
      hint: expect.stringContaining('--allow-download'),
    });
  });
});

describe('the order of a processor’s arguments', () => {
  it.each([
    ['llava', 'LlavaProcessor'],
    ['lfm2_vl', 'Lfm2VlProcessor'],
    ['paligemma', 'PaliGemmaProcessor'],
    ['pixtral', 'PixtralProcessor'],
    ['florence2', 'Florence2Processor'],
    ['idefics3', 'Idefics3Processor'],
    ['smolvlm', 'SmolVLMProcessor'],
    ['qwen2_vl', 'Qwen2VLProcessor'],
    ['qwen2_5_vl', 'Qwen2_5_VLProcessor'],
    ['gemma3', 'Gemma3Processor'],
  ] as const)('of %s matches the installed library', async (type, name) => {
    const library = await import('@huggingface/transformers');
    const { _call: call } = library[name].prototype as unknown as { _call: () => unknown };
    const first = /\(\s*(\w+)/.exec(call.toString())?.[1];
    expect(first).toBe(IMAGES_FIRST.has(type) ? 'images' : 'text');
  });
});
