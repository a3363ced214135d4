/**
 * Changes random bytes in a file of an interrupted run, and resumes the run. The command must refuse the file and name
 * it, or finish with the same bytes as an undisturbed run.
 */
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Random, random, seedFrom } from '../../../src/core/random.ts';
import type { Attack, Outcome, Part, Tools } from './attack.ts';
import { finishRun, type Reference, referenceRuns, startRun } from './reference.ts';
import { differences, type WorkloadName } from './workloads.ts';

/** Number of corruptions in a part, and number of parts for each command. */
const PARTS = { short: { corruptions: 10, parts: 1 }, full: { corruptions: 10, parts: 4 } };

/** Files that do not influence the result: the lock of a killed process, and the times of steps. */
const UNCHECKED = new Set(['run.lock', 'times.jsonl']);

const linesOf = (pattern: string, folder: string): number =>
  globSync(pattern, { cwd: folder })
    .map((path) => readFileSync(join(folder, path), 'utf8').split('\n').length - 1)
    .reduce((sum, lines) => sum + lines, 0);

/** For each command: whether a run has recorded enough that a resumed run depends on its files. */
const HAS_RECORDS = {
  evaluate: (folder: string) => linesOf('predictions.log.jsonl', folder) >= 4,
  curate: (folder: string) => linesOf('observations/*.jsonl', folder) >= 10,
  'train-sft': (folder: string) => existsSync(join(folder, 'progress.json')) && linesOf('metrics.jsonl', folder) >= 4,
  'train-grpo': (folder: string) => existsSync(join(folder, 'progress.json')) && linesOf('metrics.jsonl', folder) >= 3,
} satisfies Partial<Record<WorkloadName, (folder: string) => boolean>>;

type Damaged = keyof typeof HAS_RECORDS;

/** Kills a run after it has recorded some work. */
async function interrupt({ workload }: Reference, { runs, name }: { runs: string; name: string }): Promise<void> {
  const child = startRun(workload, { runs, name });
  child.stderr!.resume();
  const closed = once(child, 'close');
  const hasRecords = HAS_RECORDS[workload.name as Damaged];
  while (child.exitCode === null && !hasRecords(join(runs, name))) await wait(2);
  child.kill('SIGKILL');
  await closed;
}

/**
 * Damages the bytes at a random position: flips a bit, sets a digit, zeroes or removes some bytes, or cuts off the
 * rest.
 */
function damaged(bytes: Buffer, generator: Random): { bytes: Buffer; damage: string } {
  const result = Buffer.from(bytes);
  const at = generator.integer(bytes.length);
  const end = Math.min(bytes.length, at + 1 + generator.integer(8));
  switch (generator.integer(5)) {
    case 0:
      result[at]! ^= 1 << generator.integer(8);
      return { bytes: result, damage: `a flipped bit at ${at}` };
    case 1:
      result[at] = 0x30 + generator.integer(10);
      return { bytes: result, damage: `a digit at ${at}` };
    case 2:
      return { bytes: result.fill(0, at, end), damage: `zeros at ${at}` };
    case 3:
      return { bytes: Buffer.concat([result.subarray(0, at), result.subarray(end)]), damage: `a gap at ${at}` };
    default:
      return { bytes: result.subarray(0, at), damage: `an end at ${at}` };
  }
}

/** Returns why the result of a resumed run is wrong, or undefined if the damage was refused or had no effect. */
async function problemOf(
  { workload, expected }: Reference,
  { runs, name, file }: { runs: string; name: string; file: string },
): Promise<string | undefined> {
  const { code, stderr } = await finishRun(workload, { runs, name });
  if (code === 0) {
    const changed = differences(await workload.results(runs, name), expected);
    return changed.length === 0 ? undefined : `passed silently and changed ${changed.join(', ')}`;
  }
  const words = basename(file) === 'options.json' ? 'options' : basename(file);
  const isClear = code === 2 && stderr.includes(words) && !stderr.includes('This is a bug');
  return isClear ? undefined : `ended the command with code ${code} and the message: ${stderr.slice(-600).trim()}`;
}

async function corrupt(
  reference: Reference,
  { part, corruptions, scratch, onProgress }: Tools & { part: string; corruptions: number },
): Promise<Outcome> {
  const generator = random(seedFrom(part));
  const runs = join(scratch, 'runs');
  const name = reference.workload.name;
  const whole = join(runs, `${part}-interrupted`, name);
  await interrupt(reference, { runs: join(whole, '..'), name });
  const files = globSync('**', { cwd: whole, withFileTypes: true })
    .filter((entry) => entry.isFile() && !UNCHECKED.has(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(whole.length + 1))
    .filter((path) => readFileSync(join(whole, path)).length > 0)
    .toSorted();
  const failures: string[] = [];
  for (let i = 0; i < corruptions; i++) {
    const file = files[generator.integer(files.length)]!;
    const copies = join(runs, `${part}-copy`);
    await cp(whole, join(copies, name), { recursive: true });
    const { bytes, damage } = damaged(await readFile(join(whole, file)), generator);
    await writeFile(join(copies, name, file), bytes);
    const problem = await problemOf(reference, { runs: copies, name, file });
    if (problem !== undefined) failures.push(`${damage} of ${file} ${problem}`);
    await rm(copies, { recursive: true });
    onProgress(i + 1);
  }
  return { failures };
}

export const corruption: Attack = {
  name: 'corruption',
  unit: 'corruptions',
  parts: (size): Part[] => {
    const { corruptions, parts } = PARTS[size];
    const referenceOf = referenceRuns();
    return (Object.keys(HAS_RECORDS) as Damaged[]).flatMap((name) =>
      Array.from({ length: parts }, (_, i) => ({
        name: `${name}-${i + 1}`,
        cases: corruptions,
        run: async (tools) =>
          corrupt(await referenceOf(name, tools.scratch), { ...tools, part: `${name}-${i + 1}`, corruptions }),
      })),
    );
  },
};
