import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registrationCommit } from './registration.ts';

let folder: string;
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-registration-'));
  git('init', '-q');
});
afterAll(() => rm(folder, { recursive: true }));

it('is the last commit that changed the record, and requires that the record is committed', async () => {
  const record = join(folder, 'record.md');
  await writeFile(record, 'One measure.\n');
  expect(() => registrationCommit(record)).toThrow('not committed');
  git('add', '.');
  git('commit', '-qm', 'Register');
  const registered = git('rev-parse', 'HEAD');
  await writeFile(join(folder, 'other.md'), 'Later work.\n');
  git('add', '.');
  git('commit', '-qm', 'Work');
  expect(registrationCommit(record)).toBe(registered);
  await appendFile(record, 'Another measure.\n');
  expect(() => registrationCommit(record)).toThrow('not committed');
});

it('is unknown outside a checkout', () => {
  expect(registrationCommit('/proc/version')).toBeUndefined();
});
