/** The lock of a run's folder: a file with the id of the process that works in it. */
import { readFileSync } from 'node:fs';
import { constants, copyFile, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { GlobeError } from '../core/errors.ts';

const RETRY_MS = 50;

/** Another process works in the folder: wait for it, or work on something else meanwhile. */
export class RunInUseError extends GlobeError {
  constructor(folder: string, owner: number) {
    super({
      code: 'invalid-input',
      message: `${folder} is in use by process ${owner}.`,
      hint: `Wait for it, or give this run another name. If process ${owner} is another program, remove ${folder}/run.lock.`,
    });
  }
}

/**
 * Takes the lock, or throws `RunInUseError`. The lock is a link to a file that already holds the process id: a file that is
 * created and then written would be empty for a moment, and would seem to be the lock of a dead process.
 */
export async function lock(path: string, { folder, waitMs }: { folder: string; waitMs: number }): Promise<void> {
  const own = `${path}.${process.pid}`;
  await writeFile(own, `${process.pid}\n`);
  const started = performance.now();
  try {
    for (;;) {
      if (await linkLock(own, path)) return;
      const owner = await ownerOf(path);
      if (isAlive(owner)) {
        if (performance.now() - started >= waitMs) throw new RunInUseError(folder, owner);
        await wait(RETRY_MS);
        continue;
      }
      await removeStale(path, { owner, to: `${own}.old` });
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Returns false if a lock exists already. */
async function linkLock(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      // Some file systems have no links; an exclusive copy is the best option there.
      await copyFile(own, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

export const ownerOf = async (path: string): Promise<number> =>
  Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);

/** Removes the lock of a dead process. If a new lock has replaced it meanwhile, puts that one back. */
async function removeStale(path: string, { owner, to }: { owner: number; to: string }): Promise<void> {
  try {
    await rename(path, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (!Object.is(await ownerOf(to), owner)) await linkLock(to, path);
  await rm(to, { force: true });
}

/** A killed process leaves its lock behind, with the id of a process that no longer runs. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** True for a process that has ended but that its parent has not reaped; always false on a system without /proc. */
function isZombie(pid: number): boolean {
  try {
    // "12 (name) Z …"; the name may contain any characters.
    return /\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
