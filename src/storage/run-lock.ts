/** The lock of a run's folder: a file with the number of the process that works in it. */
import { readFileSync } from 'node:fs';
import { constants, copyFile, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { GlobeError } from '../core/errors.ts';

const LOOK_AGAIN_MS = 50;

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

/**
 * Throws `RunInUseError`. The lock appears with the number already in it, by a link: a file that is made and then written is
 * empty for a moment, and an empty lock is nobody's.
 */
export async function lock(path: string, { folder, waitMs }: { folder: string; waitMs: number }): Promise<void> {
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

export const ownerOf = async (path: string): Promise<number> =>
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
