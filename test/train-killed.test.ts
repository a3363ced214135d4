/** Checks that a training loop that is killed and resumed writes the same bytes as an uninterrupted one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { random } from '../src/core/random.ts';
import { TRAINING_FILES } from '../src/training/training-loop.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'globe-train-killed-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Trains in a process, and kills it after `lines` printed lines. Returns true if it finished before. */
async function trainUntil(folder: string, lines: number): Promise<boolean> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'support/train-child.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let seen = 0;
  for await (const _ of createInterface({ input: child.stdout })) if (++seen === lines) child.kill('SIGKILL');
  const [code] = (await exit) as [number | null];
  return code === 0;
}

const recordsOf = (folder: string): Promise<string[]> =>
  Promise.all([TRAINING_FILES.metrics, TRAINING_FILES.evaluations].map((name) => readFile(join(folder, name), 'utf8')));

// This test kills only the training loop. `npm run test:attack -- kills` kills whole commands.
it('writes the same records and checkpoint, and deletes other checkpoints', { timeout: 60_000 }, async () => {
  const [whole, killed] = [join(root, 'whole'), join(root, 'killed')];
  await mkdir(whole);
  await mkdir(killed);
  expect(await trainUntil(whole, Number.POSITIVE_INFINITY)).toBe(true);
  const generator = random(4);
  for (let kills = 0; !(await trainUntil(killed, kills < 4 ? 1 + generator.integer(20) : Number.POSITIVE_INFINITY));)
    kills++;
  expect(await recordsOf(killed)).toEqual(await recordsOf(whole));
  expect(await readdir(join(killed, 'checkpoints'))).toEqual(['step-000060']);
  const weights = join('checkpoints', 'step-000060', 'weights');
  expect(await readFile(join(killed, weights))).toEqual(await readFile(join(whole, weights)));
});
