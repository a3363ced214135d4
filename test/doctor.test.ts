/** Tests `globe doctor` end to end. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../src/cli/doctor/check.ts';
import { startOpenAIServer } from './support/openai-server.ts';
import { runGlobeHere } from './support/run-globe.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-doctor-'));
});
afterAll(async () => rm(folder, { recursive: true }));

async function doctor(...args: readonly string[]) {
  const run = await runGlobeHere(['doctor', '--json', ...args], { cwd: folder });
  const { ok, checks } = JSON.parse(run.stdout) as { ok: boolean; checks: Check[] };
  return { ...run, ok, check: (name: string) => checks.find((check) => check.name === name) };
}

describe('globe doctor', () => {
  it('finds no problem in the installation, and reports unset keys as absent', async () => {
    const { exitCode, ok, check } = await doctor();
    expect([exitCode, ok]).toEqual([0, true]);
    for (const name of ['node', 'sharp', 'libheif-js', 'onnxruntime-node', 'gazetteer']) {
      expect(check(name)).toMatchObject({ status: 'ok' });
    }
    expect(check('ARK_API_KEY')?.status).toMatch(/ok|absent/);
  });

  it('asks the server of a named model only which models it offers', async () => {
    await using server = await startOpenAIServer();
    const { ok, check } = await doctor('--model', `${server.baseUrl}#test-model`);
    expect(ok).toBe(true);
    expect(check(`model ${server.baseUrl}#test-model`)?.detail).toContain('offers test-model');
    expect(server.requestCount()).toBe(0);
  });

  it('reports the problem of a model and its fix, and exits with 1', async () => {
    await using server = await startOpenAIServer();
    const other = await doctor('--model', `${server.baseUrl}#other`);
    expect(other.exitCode).toBe(1);
    expect(other.check(`model ${server.baseUrl}#other`)).toMatchObject({
      status: 'problem',
      detail: expect.stringContaining('does not offer other'),
      fix: 'It offers: test-model.',
    });
    await server[Symbol.asyncDispose]();
    const gone = await doctor('--model', `${server.baseUrl}#test-model`, '--model', 'transformers:nobody/none');
    expect(gone.check(`model ${server.baseUrl}#test-model`)).toMatchObject({
      status: 'problem',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    expect(gone.check('model transformers:nobody/none')).toMatchObject({
      status: 'problem',
      fix: expect.stringContaining('--allow-download'),
    });
  });

  it('names the error in the configuration', async () => {
    await writeFile(join(folder, 'globe.config.json'), '{ "models": { "m": { "baseUrl": 7 } } }');
    const { exitCode, check } = await doctor();
    expect(exitCode).toBe(1);
    expect(check('globe.config.json')).toMatchObject({
      status: 'problem',
      detail: expect.stringContaining('models.m'),
    });
  });
});
