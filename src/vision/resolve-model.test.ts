import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EMPTY_CONFIG, parseConfig } from './model-config.ts';
import { PRESETS } from './presets.ts';
import { resolveModel, type ResolveOptions } from './resolve-model.ts';

const resolve = (spec: string, more: Partial<ResolveOptions> = {}) =>
  resolveModel(spec, { config: EMPTY_CONFIG, providers: ['scripted', 'transformers'], ...more });

const config = (models: object) => parseConfig({ models }, 'globe.config.json');

describe('resolveModel', () => {
  it('reads a server and a model from one address', () => {
    expect(resolve('http://localhost:8000/v1/#Qwen/Qwen2.5-VL-7B')).toMatchObject({
      kind: 'server',
      name: 'http://localhost:8000/v1#Qwen/Qwen2.5-VL-7B',
      model: 'Qwen/Qwen2.5-VL-7B',
      dialect: { name: 'generic' },
      apiKeyEnv: 'GLOBE_API_KEY',
    });
  });

  it.each([
    ['https://api.openai.com/v1#gpt-4.1', 'openai', 'OPENAI_API_KEY'],
    ['https://me.openai.azure.com/openai/v1#dep', 'azure', 'AZURE_OPENAI_API_KEY'],
    ['https://ark.cn-beijing.volces.com/api/v3#ep-1', 'ark', 'ARK_API_KEY'],
    ['http://localhost:11434/v1#qwen2.5vl', 'ollama', 'GLOBE_API_KEY'],
  ])('knows the dialect and the key of %s', (spec, name, apiKeyEnv) => {
    expect(resolve(spec)).toMatchObject({ dialect: { name }, apiKeyEnv });
  });

  it('keeps the rest after the provider unchanged', () => {
    expect(resolve('scripted:/tmp/a:b.jsonl')).toEqual({
      kind: 'provider',
      name: 'scripted:/tmp/a:b.jsonl',
      provider: 'scripted',
      rest: '/tmp/a:b.jsonl',
    });
  });

  it('combines a preset with the address of the server', () => {
    expect(resolve('globe-qwen2.5-vl-7b', { baseUrl: 'http://gpu:8000/v1' })).toMatchObject({
      model: 'globe-project/GLOBE-Qwen2.5VL-7B',
      baseUrl: 'http://gpu:8000/v1',
      dialect: { name: 'vllm' },
      defaults: { temperature: 0.6, maxTokens: 512 },
    });
    expect(() => resolve('globe-qwen2.5-vl-7b')).toThrow(/has no server address/);
    expect(() => resolve('doubao-1.5-vl')).toThrow(/has no model id/);
    expect(resolve('doubao-1.5-vl', { modelId: 'ep-7' })).toMatchObject({ model: 'ep-7' });
  });

  it('never sends a hosted service’s key to another server', () => {
    expect(resolve('gpt-4.1')).toMatchObject({ apiKeyEnv: 'OPENAI_API_KEY' });
    expect(resolve('gpt-4.1', { baseUrl: 'http://proxy.example/v1' })).toMatchObject({
      dialect: { name: 'openai' },
      apiKeyEnv: 'GLOBE_API_KEY',
    });
  });

  it('resolves a name from the configuration, merged over its preset', () => {
    const models = {
      mine: {
        preset: 'qwen2.5-vl-7b',
        baseUrl: 'http://gpu:8000/v1',
        concurrency: 32,
        capabilities: { structured: 'guided_json' },
        price: { promptPerMillionTokens: 1, completionPerMillionTokens: 2, currency: 'USD' },
      },
      short: { use: 'mine' },
    };
    expect(resolve('short', { config: config(models) })).toMatchObject({
      name: 'mine',
      model: 'Qwen/Qwen2.5-VL-7B-Instruct',
      concurrency: 32,
      dialect: { name: 'vllm', structured: 'guided_json', samples: 'n' },
      defaults: { price: { currency: 'USD' } },
    });
  });

  it.each([
    ['nonsense', /Unknown model: nonsense/],
    ['http://localhost:8000/v1', /names a server but no model/],
    ['https://user:pass@host/v1#m', /contains credentials/],
    ['constructor', /Unknown model/],
  ])('rejects %s', (spec, message) => {
    expect(() => resolve(spec)).toThrow(message);
  });

  it('rejects a name that refers to itself', () => {
    expect(() => resolve('a', { config: config({ a: { use: 'b' }, b: { use: 'a' } }) })).toThrow(/refers to itself/);
  });
});

describe('parseConfig', () => {
  it('names the invalid field', () => {
    expect(() => config({ m: { baseUrl: 'localhost' } })).toThrow(/models\.m/);
    expect(() => parseConfig({ modles: {} }, 'globe.config.json')).toThrow(/modles/);
  });
});

describe('docs/models.md', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'models.md'), 'utf8');

  it('shows a configuration that is valid, and in which every name resolves', () => {
    const example = parseConfig(JSON.parse(/```json\n(.*?)```/s.exec(page)![1]!), 'docs/models.md');
    for (const name of Object.keys(example.models)) expect(resolve(name, { config: example })).toBeDefined();
  });

  it('names every preset', () => {
    for (const name of Object.keys(PRESETS)) expect(page).toContain(`\`${name}\``);
  });
});

describe('the presets', () => {
  it('give a model id, or a note on what to do, for every row', () => {
    for (const [name, { model, note }] of Object.entries(PRESETS)) expect(model ?? note, name).toBeTruthy();
  });
});
