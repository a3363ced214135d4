/** Checks that an evaluation that is killed and resumed writes the same bytes as an uninterrupted one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { random } from '../src/core/random.ts';
import { RUN_FILES } from '../src/evaluation/evaluate.ts';

const IMAGES = 120;
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'globe-killed-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Runs the evaluation in a process, and kills it after `lines` printed lines. Returns true if it finished before. */
async function evaluateUntil(folder: string, lines: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'support/evaluate-child.ts'), folder, String(IMAGES)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exit = once(child, 'exit');
  let seen = 0;
  for await (const _ of createInterface({ input: child.stdout })) if (++seen === lines) child.kill('SIGKILL');
  const [code] = (await exit) as [number | null];
  return code === 0;
}

it('loses nothing, repeats nothing and changes nothing', async () => {
  const whole = join(root, 'whole');
  expect(await evaluateUntil(whole, Number.POSITIVE_INFINITY)).toBe(true);
  const expected = await readFile(join(whole, 'run', RUN_FILES.predictions));

  const killed = join(root, 'killed');
  const log = join(killed, 'run', RUN_FILES.log);
  const generator = random(11);
  for (
    let kills = 0;
    !(await evaluateUntil(killed, kills < 5 ? 2 + generator.integer(30) : Number.POSITIVE_INFINITY));
    kills++
  ) {
    // A kill during a write leaves half a line. The kill may miss the write, so the test itself cuts off the end of the
    // log.
    const { size } = await stat(log);
    await truncate(log, size - generator.integer(Math.min(size, 40)));
  }
  expect(await readFile(join(killed, 'run', RUN_FILES.predictions))).toEqual(expected);
  const ids = (await readFile(log, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
  expect(ids.toSorted()).toEqual(Array.from({ length: IMAGES }, (_, i) => `image-${i}.jpg`).toSorted());
}, 60_000);
