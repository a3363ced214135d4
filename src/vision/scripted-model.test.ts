import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PreparedImage } from '../image/prepared-image.ts';
import { openScriptedModel, scriptedModel } from './scripted-model.ts';
import type { GenerateRequest } from './vision-model.ts';

const request = (more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt: '',
  samples: 1,
  temperature: 0,
  maxTokens: 9,
  signal: new AbortController().signal,
  ...more,
});

const image = (sha256: string): PreparedImage => ({
  bytes: new Uint8Array(),
  mediaType: 'image/jpeg',
  widthPixels: 1,
  heightPixels: 1,
  sha256,
});

describe('scriptedModel', () => {
  it('answers in order, with as many completions as requested', async () => {
    const model = scriptedModel(['a', 'b', 'c']);
    expect(await model.generate(request({ samples: 2 }))).toMatchObject([{ text: 'a' }, { text: 'b' }]);
    expect(await model.generate(request())).toMatchObject([{ text: 'c', finishReason: 'stop' }]);
    await expect(model.generate(request())).rejects.toThrow('has only 0 of the 1 completions for request 3');
  });
});

describe('openScriptedModel', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'globe-script-'));
  });
  afterAll(async () => rm(folder, { recursive: true }));

  const script = async (name: string, lines: readonly unknown[]): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
    return file;
  };

  it('replays by image any number of times, and otherwise in order', async () => {
    const model = await openScriptedModel(
      await script('a.jsonl', [
        { image: 'aa', completions: ['Paris'] },
        { completions: ['Rome'] },
        '',
        { completions: ['Oslo'] },
      ]),
    );
    const texts = [];
    for (const photo of [image('aa'), image('bb'), image('aa'), image('cc')]) {
      texts.push((await model.generate(request({ image: photo })))[0]!.text);
    }
    expect(texts).toEqual(['Paris', 'Rome', 'Paris', 'Oslo']);
  });

  it('names the invalid line', async () => {
    const file = await script('b.jsonl', [{ completions: ['x'] }, 'not json']);
    await expect(openScriptedModel(file)).rejects.toThrow(/line 2 is not a recorded response/);
    await expect(openScriptedModel(join(folder, 'none'))).rejects.toMatchObject({ code: 'not-found' });
  });
});
