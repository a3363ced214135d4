import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { random } from '../src/core/random.ts';
import { drawPhotos } from './support/curation-world.ts';
import { folderBytes } from './support/folder-bytes.ts';
import { curation, killAndResume } from './support/kill-runs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-kill-'));
  await drawPhotos(join(folder, 'photos'), 80);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

// This test kills the process five times while it curates. `npm run test:attack -- kills` kills whole commands.
it('builds the same dataset, byte for byte, after any number of kills', { timeout: 60_000 }, async () => {
  const run = async (name: string, kills: number) =>
    killAndResume({
      ...curation({ photos: join(folder, 'photos'), runs: join(folder, 'runs'), name }),
      generator: random(7),
      kills,
      maxLifetimeMs: 250,
    });
  expect(await run('whole', 0)).toBe(0);
  expect(await run('killed', 5)).toBeGreaterThan(0);
  const bytesOf = async (name: string) => folderBytes(join(folder, 'runs', name, 'dataset'));
  expect(await bytesOf('killed')).toEqual(await bytesOf('whole'));
  expect(Object.keys(await bytesOf('whole'))).toContain('README.md');
  const fatesOf = async (name: string) => readFile(join(folder, 'runs', name, 'fates.jsonl'), 'utf8');
  expect(await fatesOf('killed')).toBe(await fatesOf('whole'));
});
