import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../vision/model-config.ts';
import { openRegistered, registeredNames } from './model-registry.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-registry-'));
  // GeoCLIP caches its gallery beside the model, so the test opens a copy.
  await cp(join(import.meta.dirname, 'geoclip', 'fixtures'), join(folder, 'geoclip'), { recursive: true });
  await writeFile(join(folder, 'answers.jsonl'), JSON.stringify({ completions: ['country: Japan\ncity: Hamada'] }));
});
afterAll(async () => rm(folder, { recursive: true }));

const open = async (spec: string) => {
  const config = parseConfig(
    {
      models: {
        mine: { baseUrl: 'http://127.0.0.1:9/v1', model: 'm' },
        clip: { use: `geoclip:${join(folder, 'geoclip')}` },
      },
    },
    'globe.config.json',
  );
  const opened = await openRegistered(spec.replace('FOLDER', folder), {
    config,
    env: { GLOBE_CACHE: folder },
    baseUrl: 'http://127.0.0.1:9/v1',
  });
  if (opened.kind === 'positions') await opened.locator[Symbol.asyncDispose]?.();
  return opened;
};

describe('a name opens', () => {
  it.each([
    ['http://127.0.0.1:9/v1#qwen', 'text'],
    ['qwen2.5-vl-7b', 'text'],
    ['mine', 'text'],
    ['scripted:FOLDER/answers.jsonl', 'text'],
    ['nano:models/base-vit', 'text'],
    ['geoclip:FOLDER/geoclip', 'geoclip'],
    ['clip', 'geoclip'],
    ['position:http://127.0.0.1:9/locate', 'position-service'],
  ])('%s as %s', async (spec, kind) => {
    const opened = await open(spec);
    expect(opened.kind === 'text' ? 'text' : opened.method).toBe(kind);
  });

  it.each([
    ['geoclip:', /Missing folder or repository after "geoclip:"/],
    ['position:ftp://host', /Invalid address of a position service/],
    ['http://127.0.0.1:9/v1', /names a server but no model/],
    ['nonsense', /Unknown model: nonsense.*/],
  ])('%s with an error', async (spec, message) => {
    await expect(open(spec)).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringMatching(message) });
  });
});

it('lists each name once', () => {
  const names = registeredNames({ nano: async () => Promise.reject(new Error('unused')) });
  expect([...names].toSorted()).toEqual(['geoclip', 'nano', 'position', 'scripted', 'transformers']);
});
