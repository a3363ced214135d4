/**
 * A run's folder: `runs/NAME/` with the options it was started with, its results, and manifest.json, which is written
 * last and so says that the run is complete. One process at a time may work in a folder.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, copyFile, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { defined } from '../core/defined.ts';
import { GlobeError, invalidInput } from '../core/errors.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { makeFolder } from './output-file.ts';
import { packageVersion } from './package-version.ts';

export const RUNS_FOLDER = 'runs';

export type Machine = {
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
};

export type RunFolder = {
  readonly path: string;
  /** True when an earlier process had started this run. */
  readonly resumed: boolean;
  file(name: string): string;
  /** Writes manifest.json: the run is complete. */
  complete(facts: Readonly<Record<string, unknown>>): Promise<void>;
  /** Lets another process work in the folder. */
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Another process works in the folder: wait for it, or do something else meanwhile. */
export class RunInUseError extends GlobeError {
  constructor(folder: string, owner: number) {
    super({
      code: 'invalid-input',
      message: `${folder} is in use by process ${owner}.`,
      hint: `Wait for it, or give this run another name; if process ${owner} is something else, remove ${folder}/run.lock.`,
    });
  }
}

/** The run in the folder was started with other options. */
export class RunMismatchError extends GlobeError {
  /** Each option that differs, with both values. */
  readonly changes: string;

  constructor(name: string, changes: string) {
    super({
      code: 'invalid-input',
      message: `Run "${name}" was started with other options: ${changes}.`,
      hint: 'Use the same options to continue it, or another --run name to start a new run.',
    });
    this.changes = changes;
  }
}

export type OpenRunOptions = {
  readonly root?: string;
  readonly name: string;
  /** What decides the results. A folder that was started with other options is refused. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How long a process that has the folder is waited for: one that was killed a moment ago is still ending. */
  readonly waitMs?: number;
};

const ENDING_MS = 1000;
const LOOK_AGAIN_MS = 50;

/** Creates the run's folder or continues in it. Throws `RunMismatchError` or `RunInUseError`. */
export async function openRun({
  root = RUNS_FOLDER,
  name,
  options,
  waitMs = ENDING_MS,
}: OpenRunOptions): Promise<RunFolder> {
  if (!/^[\w][\w.-]*$/.test(name)) {
    throw invalidInput(`"${name}" cannot name a run.`, 'Use letters, digits, ".", "-" and "_".');
  }
  const path = join(root, name);
  const file = (part: string): string => join(path, part);
  await makeFolder(path);
  await lock(file('run.lock'), { folder: path, waitMs });
  try {
    const plain = JSON.parse(JSON.stringify(options)) as Record<string, unknown>;
    const before = await readJson(file('options.json'));
    if (before === undefined) await writeFileAtomic(file('options.json'), json(plain));
    else assertSame({ before, now: plain, name });
    const release = async (): Promise<void> => {
      if ((await ownerOf(file('run.lock'))) === process.pid) await rm(file('run.lock'), { force: true });
    };
    return {
      path,
      resumed: before !== undefined,
      file,
      complete: (facts) =>
        writeFileAtomic(file('manifest.json'), json({ name, options: plain, ...facts, ...provenance() })),
      release,
      [Symbol.asyncDispose]: release,
    };
  } catch (error) {
    await rm(file('run.lock'), { force: true });
    throw error;
  }
}

/** Version, commit and machine: what a number's record must say besides its options. */
export function provenance(): { version: string; commit?: string; machine: Machine } {
  const commit = gitCommit();
  return { version: packageVersion(), ...defined({ commit }), machine: describeMachine() };
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    platform: `${platform()} ${arch()}`,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

function gitCommit(): string | undefined {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      encoding: 'utf8',
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' (with local changes)'}`;
  } catch {
    // Installed as a package, or no git: the version stands alone.
    return undefined;
  }
}

/**
 * Throws `RunInUseError`. The lock appears with the number already in it, by a link: a file that is made and then written is
 * empty for a moment, and an empty lock is nobody's.
 */
async function lock(path: string, { folder, waitMs }: { folder: string; waitMs: number }): Promise<void> {
  const own = `${path}.${process.pid}`;
  await writeFile(own, `${process.pid}\n`);
  const started = performance.now();
  try {
    for (;;) {
      if (await placed(own, path)) return;
      const owner = await ownerOf(path);
      if (isAlive(owner)) {
        if (performance.now() - started >= waitMs) throw new RunInUseError(folder, owner);
        await wait(LOOK_AGAIN_MS);
        continue;
      }
      await takeAway(path, { owner, to: `${own}.old` });
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** False where there is a lock already. */
async function placed(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      // A file system without links: as good as it gets there.
      await copyFile(own, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

const ownerOf = async (path: string): Promise<number> =>
  Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);

/** Removes a dead process's lock; one that came in its place meanwhile is put back. */
async function takeAway(path: string, { owner, to }: { owner: number; to: string }): Promise<void> {
  try {
    await rename(path, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (!Object.is(await ownerOf(to), owner)) await placed(to, path);
  await rm(to, { force: true });
}

/** A killed process leaves its lock behind; its number then belongs to nobody. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A process that has ended and that nobody has asked about yet; where the system does not tell, none is. */
function isZombie(pid: number): boolean {
  try {
    // "12 (name) Z …"; the name may hold anything.
    return /\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function assertSame({ before, now, name }: { before: unknown; now: Record<string, unknown>; name: string }): void {
  if (isDeepStrictEqual(before, now)) return;
  const old = before as Record<string, unknown>;
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => !isDeepStrictEqual(old[key], now[key]),
  );
  const values = changed.map((key) => `${key} was ${JSON.stringify(old[key])}, is ${JSON.stringify(now[key])}`);
  throw new RunMismatchError(name, values.join('; '));
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
