/**
 * Runs a training loop in a separate process, which tests kill: `node train-child.ts FOLDER`. The model is a number. It
 * is saved in many small writes, so that kills leave incomplete checkpoints. Prints a line before each step and before
 * each save.
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { random } from '../../src/core/random.ts';
import { runTrainingLoop } from '../../src/training/training-loop.ts';

const PARTS = 40;
const [runFolder] = process.argv.slice(2) as [string];
let weight = 1;
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const backend = {
  saveState: async (folder: string) => {
    say('save');
    const file = join(folder, 'weights');
    await writeFile(file, '');
    for (let i = 0; i < PARTS; i++) await appendFile(file, `${weight * i}\n`);
  },
  loadState: async (folder: string) => {
    weight = Number((await readFile(join(folder, 'weights'), 'utf8')).trim().split('\n')[1]);
  },
};

await runTrainingLoop({
  runFolder,
  backend,
  steps: 60,
  checkpointEvery: 4,
  evaluateEvery: 5,
  step: async (step) => {
    say(`step ${step}`);
    weight += random(step).next() * weight;
    return { metrics: { weight, list: Array.from({ length: 50 }, (_, i) => weight / (i + 1)) }, times: { ms: 1 } };
  },
  evaluate: async () => ({ weight }),
  signal: new AbortController().signal,
});
