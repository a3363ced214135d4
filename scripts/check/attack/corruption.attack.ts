/**
 * Changes random bytes in a file of a run. If the run was interrupted, it is then resumed. If it was finished, another
 * command then reads it. The command must either reject the file with an error that names it, or have the same result
 * as with the undamaged file.
 */
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Random, random, seedFrom } from '../../../src/core/random.ts';
import type { Attack, Outcome, Part, Tools } from './attack.ts';
import { type Ended, finishRun, globe, type Reference, referenceRuns, startRun } from './reference.ts';
import { differences, type WorkloadName } from './workloads.ts';

/** Number of corruptions per part, for interrupted runs and for finished runs. */
const CORRUPTIONS = { interrupted: 10, finished: 5 };
/** Number of parts per command. */
const PARTS = { short: 1, full: 4 };

/** Files that do not influence the result: the lock of a killed process, and the times of steps. */
const UNCHECKED = new Set(['run.lock', 'times.jsonl']);

const linesOf = (pattern: string, folder: string): number =>
  globSync(pattern, { cwd: folder })
    .map((path) => readFileSync(join(folder, path), 'utf8').split('\n').length - 1)
    .reduce((sum, lines) => sum + lines, 0);

/** For each command, returns whether a run has recorded enough that resuming it depends on its files. */
const HAS_RECORDS = {
  evaluate: (folder: string) => linesOf('predictions.log.jsonl', folder) >= 4,
  curate: (folder: string) => linesOf('observations/*.jsonl', folder) >= 10,
  'train-sft': (folder: string) => existsSync(join(folder, 'progress.json')) && linesOf('metrics.jsonl', folder) >= 4,
  'train-grpo': (folder: string) => existsSync(join(folder, 'progress.json')) && linesOf('metrics.jsonl', folder) >= 3,
} satisfies Partial<Record<WorkloadName, (folder: string) => boolean>>;

type Damaged = keyof typeof HAS_RECORDS;

/** Starts a run, and kills it after it has recorded some work. */
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
 * Damages the bytes at a random position: flips a bit, sets a digit, zeroes or removes some bytes, or cuts off the end.
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

/**
 * Describes what is wrong if a command ended like this because of a damaged file. Returns undefined if the command
 * rejected the file and named it.
 */
function problemOfRefusal({ code, stderr }: Ended, file: string): string | undefined {
  const words = basename(file) === 'options.json' ? 'options' : basename(file);
  const isClear = code === 2 && stderr.includes(words) && !stderr.includes('This is a bug');
  return isClear ? undefined : `ended the command with code ${code} and the message: ${stderr.slice(-600).trim()}`;
}

type Corruption = {
  /** Path of the undamaged folder, and path for its damaged copies. */
  readonly whole: string;
  readonly copy: string;
  readonly files: readonly string[];
  /**
   * Reads the copy, in which one file is damaged. Returns a description of the problem, or undefined if there is none.
   */
  readonly problemOf: (file: string) => Promise<string | undefined>;
};

async function corrupt(
  { whole, copy, files, problemOf }: Corruption,
  { part, corruptions, onProgress }: Tools & { part: string; corruptions: number },
): Promise<Outcome> {
  const generator = random(seedFrom(part));
  const failures: string[] = [];
  for (let i = 0; i < corruptions; i++) {
    const file = files[generator.integer(files.length)]!;
    await cp(whole, copy, { recursive: true });
    const { bytes, damage } = damaged(await readFile(join(whole, file)), generator);
    await writeFile(join(copy, file), bytes);
    const problem = await problemOf(file);
    if (problem !== undefined) failures.push(`${damage} of ${file} ${problem}`);
    await rm(copy, { recursive: true });
    onProgress(i + 1);
  }
  return { failures };
}

/** Lists the files below a folder that are not empty. */
const filesIn = (folder: string, pattern: string): string[] =>
  globSync(pattern, { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile() && !UNCHECKED.has(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => readFileSync(join(folder, path)).length > 0)
    .toSorted();

/** Damages an interrupted run and resumes it. */
async function interrupted(reference: Reference, tools: Tools & { part: string }): Promise<Outcome> {
  const { workload, expected } = reference;
  const { name } = workload;
  const root = join(tools.scratch, 'runs', tools.part);
  await interrupt(reference, { runs: join(root, 'whole'), name });
  const whole = join(root, 'whole', name);
  const runs = join(root, 'copy');
  const problemOf = async (file: string): Promise<string | undefined> => {
    const ended = await finishRun(workload, { runs, name });
    if (ended.code !== 0) return problemOfRefusal(ended, file);
    const changed = differences(await workload.results(runs, name), expected);
    return changed.length === 0 ? undefined : `passed silently and changed ${changed.join(', ')}`;
  };
  const corruption = { whole, copy: join(runs, name), files: filesIn(whole, '**'), problemOf };
  return corrupt(corruption, { ...tools, corruptions: CORRUPTIONS.interrupted });
}

type Finished = {
  readonly workload: WorkloadName;
  /** Pattern of the files that the command reads. */
  readonly files: string;
  /** Returns the arguments of a command that reads a run's files and prints a result. */
  readonly read: (run: string, scratch: string) => readonly string[];
};

const FINISHED: Readonly<Record<string, Finished>> = {
  'finished-evaluation': {
    workload: 'evaluate',
    files: '{predictions.jsonl,manifest.json}',
    read: (run, scratch) => ['compare', run, join(scratch, 'runs', 'evaluate-whole')],
  },
  'finished-model': {
    workload: 'train-sft',
    files: 'model/*.{json,safetensors}',
    read: (run, scratch) => {
      const world = join(scratch, 'inputs', 'world');
      const photos = globSync('images/*0.png', { cwd: world }).toSorted().slice(0, 3);
      return ['locate', ...photos.map((photo) => join(world, photo)), '--model', `nano:${run}/model`, '--json'];
    },
  },
};

/** Damages a finished run, and reads it with another command. */
async function finished(
  { files, read }: Finished,
  { workload }: Reference,
  tools: Tools & { part: string },
): Promise<Outcome> {
  const whole = join(tools.scratch, 'runs', `${workload.name}-whole`);
  const copy = join(tools.scratch, 'runs', tools.part);
  const args = read(copy, tools.scratch);
  await cp(whole, copy, { recursive: true });
  const expected = await globe(args);
  await rm(copy, { recursive: true });
  if (expected.code !== 0)
    return { failures: [`${args.join(' ')} ended with code ${expected.code}: ${expected.stderr}`] };
  const problemOf = async (file: string): Promise<string | undefined> => {
    const ended = await globe(args);
    if (ended.code !== 0) return problemOfRefusal(ended, file);
    return ended.stdout === expected.stdout ? undefined : 'passed silently and changed the result';
  };
  const corruption = { whole, copy, files: filesIn(whole, files), problemOf };
  return corrupt(corruption, { ...tools, corruptions: CORRUPTIONS.finished });
}

export const corruption: Attack = {
  name: 'corruption',
  unit: 'corruptions',
  parts: (size): Part[] => {
    const referenceOf = referenceRuns();
    const numbers = Array.from({ length: PARTS[size] }, (_, i) => i + 1);
    const resumed = (Object.keys(HAS_RECORDS) as Damaged[]).flatMap((name) =>
      numbers.map((i): Part => {
        const part = `${name}-${i}`;
        const run = async (tools: Tools): Promise<Outcome> =>
          interrupted(await referenceOf(name, tools.scratch), { ...tools, part });
        return { name: part, cases: CORRUPTIONS.interrupted, run };
      }),
    );
    const read = Object.entries(FINISHED).flatMap(([name, one]) =>
      numbers.map((i): Part => {
        const part = `${name}-${i}`;
        const run = async (tools: Tools): Promise<Outcome> =>
          finished(one, await referenceOf(one.workload, tools.scratch), { ...tools, part });
        return { name: part, cases: CORRUPTIONS.finished, run };
      }),
    );
    return [...resumed, ...read];
  },
};
