/**
 * Changes random bytes of a run's files. The next run must either refuse the file, or write the same bytes as an
 * undisturbed run.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { random } from '../../../src/core/random.ts';
import { GlobeError } from '../../../src/core/errors.ts';
import { evaluate, RUN_FILES } from '../../../src/evaluation/evaluate.ts';
import { openRun } from '../../../src/storage/run-folder.ts';
import { prepareByName, scriptedImages, scriptedLocator } from '../../../test/support/scripted-locator.ts';
import { size } from './size.ts';

const CORRUPTIONS = size({ short: 50, full: 200 });
const generator = random(7);

async function run(root: string): Promise<Buffer> {
  await using folder = await openRun({ root, name: 'run', options: { model: 'scripted', seed: 0 } });
  const { signal } = new AbortController();
  const images = scriptedImages(20);
  await evaluate({ images, locator: scriptedLocator(), prepare: prepareByName, run: folder, signal });
  return readFile(folder.file(RUN_FILES.predictions));
}

/** Damages the bytes at a random position: flips a bit, sets a digit, zeroes a few bytes, or removes them. */
function corrupted(bytes: Buffer): Buffer {
  const result = Buffer.from(bytes);
  const at = generator.integer(bytes.length);
  const end = Math.min(bytes.length, at + 1 + generator.integer(8));
  const kind = generator.integer(4);
  if (kind === 0) result[at]! ^= 1 << generator.integer(8);
  if (kind === 1) result[at] = 0x30 + generator.integer(10);
  if (kind === 2) result.fill(0, at, end);
  return kind === 3 ? Buffer.concat([result.subarray(0, at), result.subarray(end)]) : result;
}

it(`lets none of ${CORRUPTIONS} corruptions of an evaluation pass silently`, async () => {
  const root = await mkdtemp(join(tmpdir(), 'globe-corruption-'));
  try {
    const expected = await run(join(root, 'whole'));
    let refused = 0;
    for (let i = 0; i < CORRUPTIONS; i++) {
      const copy = join(root, 'copy');
      await cp(join(root, 'whole'), copy, { recursive: true });
      const file = join(copy, 'run', i % 5 === 0 ? 'options.json' : RUN_FILES.log);
      const bytes = corrupted(await readFile(file));
      await writeFile(file, bytes);
      const result = await run(copy).catch((error: unknown) => error);
      const isRefused = result instanceof GlobeError && result.code === 'invalid-input';
      refused += Number(isRefused);
      expect(isRefused ? expected : result, bytes.toString()).toEqual(expected);
      await rm(copy, { recursive: true });
    }
    expect(refused).toBeGreaterThan(CORRUPTIONS / 4);
  } finally {
    await rm(root, { recursive: true });
  }
});
