/** Runs every example with the installed package, from a separate folder, and checks what it prints. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { cleanEnvironment } from './install.ts';

const MAX_LINES = 50;

/** Text that each example prints if it works. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  'curate.ts': /\d+ reasonings in .*\.parquet/u,
  'geocode.ts': /Helsinki, Finland: 60\.1695, 24\.9354 \(city\)[^]*Kyiv = Kiev: true/u,
  'locate.ts': /located[^]*Helsinki[^]*confidence 0\.6, spread 33 km/u,
  'own-reward.ts': /value: 1\.495[^]*calibrated: the answer states no confidence/u,
  'rewards.ts': /^2\.50 = accuracy 1\.00, visual 1\.00, format 1\.00/u,
  'score.ts': /Within 25 km: 76\.74 %[^]*Wrote score\.html/u,
  'train.ts': /step 3 of 3, loss \d+\.\d+[^]*After 3 steps/u,
};

const examples = join(import.meta.dirname, '..', '..', 'examples');
const { root, work } = inject('installed');
const folder = join(work, 'examples');

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'globe-geolocation'), 'dir');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  for (const name of readdirSync(examples)) cpSync(join(examples, name), join(folder, name), { recursive: true });
});

it('covers every example, each short enough to read', () => {
  const names = readdirSync(examples).filter((name) => name.endsWith('.ts'));
  expect(names.toSorted()).toEqual(Object.keys(PRINTS));
  for (const name of names) {
    expect(readFileSync(join(examples, name), 'utf8').trimEnd().split('\n').length, name).toBeLessThan(MAX_LINES);
  }
});

it.each(Object.entries(PRINTS))('%s runs', (name, printed) => {
  const environment = { ...cleanEnvironment };
  delete environment['BASE_URL'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [name], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(printed);
  expect(status).toBe(0);
});
