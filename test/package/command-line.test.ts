/** Tests the installed `globe`, which is run from a folder outside the package. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { cleanEnvironment } from './install.ts';

const { prefix, root, work } = inject('installed');
const BIN = process.platform === 'win32' ? join(prefix, 'globe.cmd') : join(prefix, 'bin', 'globe');

function globe(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  return spawnSync(BIN, args, {
    cwd: work,
    env: cleanEnvironment,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
}

it('prints the version of its package.json', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(globe('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
});

it('geocodes and matches offline', () => {
  expect(globe('geocode', 'Helsinki, Finland').stdout).toContain('60.1695');
  expect(JSON.parse(globe('match', 'Kyiv, Ukraine', 'Kiev, Ukraine').stdout)).toMatchObject({ city: true });
});

it('scores the example predictions', () => {
  const { status, stdout, stderr } = globe('score', join(root, 'examples', 'predictions.csv'), '--from', 'completion');
  expect(stderr).not.toContain('This is a bug');
  expect(status).toBe(0);
  expect(stdout).toContain('25 km');
});

it('locates a drawing of the generated world by the shipped model', () => {
  expect(globe('miniature', 'generate', '--scenes', '12', '--seed', '1', '--out', 'world').status).toBe(0);
  const photo = join('world', 'images', readdirSync(join(work, 'world', 'images'))[0]!);
  const { status, stdout, stderr } = globe('locate', photo, '--model', `nano:${join(root, 'models', 'base-vit')}`);
  expect(stderr).not.toContain('This is a bug');
  expect(status).toBe(0);
  expect(stdout.trim()).not.toBe('');
});

it('describes the main job', () => {
  expect(globe('start', '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--scenes') as string });
});

it('says where a checkpoint is that the package leaves out', () => {
  const { status, stderr } = globe('locate', join(root, 'examples', 'drawing.png'), '--model', 'nano:models/sft-vit');
  expect(status).toBe(2);
  expect(stderr).toContain('is only in the repository');
});

/** Path of an older Node on this machine, which the package does not support. Undefined if there is no older Node. */
const oldNode = (process.env['PATH'] ?? '')
  .split(':')
  .map((folder) => join(folder, 'node'))
  .find((path) => existsSync(path) && Number(/\d+/.exec(version(path))?.[0] ?? 24) < 24);
if (oldNode === undefined) console.warn('Skipped: no Node older than 24 in PATH.');

function version(node: string): string {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout;
}

it.skipIf(oldNode === undefined)('prints one sentence on an older Node', () => {
  const { status, stdout, stderr } = spawnSync(oldNode!, [join(root, 'dist', 'cli', 'main.js'), 'geocode', 'Rome'], {
    cwd: work,
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^[^\n]*Node[^\n]*24[^\n]*\n$/);
});
