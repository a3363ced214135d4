/**
 * Runs every shell block of README and docs, in order. Each document has its own folder, which is empty at first.
 * Blocks that are marked as not run are skipped.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { documents, shellBlocks } from '../support/docs-blocks.ts';
import { cleanEnvironment } from './install.ts';

const { prefix, work } = inject('installed');
const env = { ...cleanEnvironment, PATH: [join(prefix, 'bin'), cleanEnvironment['PATH']].join(delimiter) };

describe.skipIf(process.platform === 'win32').each(documents())('%s', (file) => {
  const folder = join(work, 'docs', file.replaceAll('/', '-'));
  mkdirSync(folder, { recursive: true });
  const blocks = shellBlocks(file).filter(({ notRun }) => notRun === undefined);

  it.each(blocks.map(({ text }, i) => [i + 1, text.split('\n')[0], text] as const))('block %i: %s', (_, __, text) => {
    const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', text], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });
  it.skipIf(blocks.length > 0)('has no command to run', () => {
    expect(blocks).toEqual([]);
  });
});
