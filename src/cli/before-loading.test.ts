import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGlobe } from '../../test/support/run-globe.ts';
import { callerFolder, nodeProblem } from './before-loading.ts';

const root = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

it('rejects Node before 24 in one sentence, and accepts 24 and later', () => {
  expect(nodeProblem('20.20.2')).toBe(
    'globe needs Node 24 or later but runs on Node 20.20.2: install Node 24 from https://nodejs.org and run the command again.',
  );
  expect(['24.0.0', '26.1.0'].map(nodeProblem)).toEqual([undefined, undefined]);
});

it('is the only module that the bin imports before that check', () => {
  const imports = (file: string) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/^(?:import|export) .*from '(.+)'/gm)].map(
      ([, from]) => from,
    );
  expect(imports('main.ts')).toEqual(['./before-loading.ts']);
  expect(imports('before-loading.ts')).toEqual([]);
});

it('prints the version of package.json', async () => {
  expect(await runGlobe(['--version'])).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

describe('the folder that relative paths start from', () => {
  const ownScript = { npm_lifecycle_event: 'globe', npm_package_name: 'globe-geolocation' };
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'globe-cwd-'));
    await writeFile(join(folder, 'photo.jpg'), 'not a photo');
    await writeFile(join(folder, 'answers.json'), '{"completions": ["x"]}');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['npm run globe', { ...ownScript, INIT_CWD: '/photos' }, '/photos'],
    ['npm start', { ...ownScript, npm_lifecycle_event: 'start', INIT_CWD: '/photos' }, undefined],
    ['a script of that name in another package', { ...ownScript, npm_package_name: 'x', INIT_CWD: '/a' }, undefined],
    ['the bin itself', {}, undefined],
  ])('for %s', (_, env, expected) => {
    expect(callerFolder(env)).toBe(expected);
  });

  it('is the folder where the user typed npm run globe', async () => {
    const locate = async (folderOfCaller: string): Promise<string> => {
      const args = ['locate', 'photo.jpg', '--model', `scripted:${join(folder, 'answers.json')}`];
      const run = await runGlobe(args, { cwd: root, env: { ...ownScript, INIT_CWD: folderOfCaller } });
      return run.stderr + run.stdout;
    };
    expect(await locate(folder)).toContain('photo.jpg is not in a supported image format');
    expect(await locate(root)).toContain('does not exist');
  });
});
