/**
 * The lock of a run's folder: a file that names the process that works there. The process updates the file's
 * modification time as a heartbeat. A process id has meaning only on one host and in one PID namespace (each container
 * has its own), so a lock from another host or container is valid while its heartbeat is recent.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { constants, copyFile, link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { GlobeError } from '../core/errors.ts';

const RETRY_MS = 50;
const HEARTBEAT_MS = 5000;
/** A lock from another host or container becomes free after this time without a heartbeat. */
export const STALE_MS = 30_000;

/** Thrown if another process works in the folder. The caller can wait for it or do other work. */
export class RunInUseError extends GlobeError {
  constructor(folder: string, { pid, host }: Owner) {
    const isElsewhere = host !== undefined && !isHere(host);
    const who = `process ${pid}${isElsewhere ? ` on ${host.name} (another host or container)` : ''}`;
    super({
      code: 'invalid-input',
      message: `${folder} is in use by ${who}.`,
      hint: isElsewhere
        ? `Wait until that process ends, or give this run another name. If the process has died, its lock expires ${STALE_MS / 1000} s after its last sign of life.`
        : `Wait until that process ends, or give this run another name. If process ${pid} is not a globe process, remove ${folder}/run.lock.`,
    });
  }
}

type Host = { readonly name: string; readonly boot: string; readonly pidNamespace: string };

/** The process that a lock file names; older versions wrote only the process id. */
type Owner = { readonly text: string; readonly pid: number; readonly host?: Host; readonly started?: string };

export type Lock = { readonly release: () => Promise<void> };

/**
 * Takes the lock, or throws `RunInUseError`. The lock is made as a link to a file that already names its owner. A file
 * that is first created and then written would be empty for a moment, and would look like the lock of a dead process.
 */
export async function lock(path: string, { folder, waitMs }: { folder: string; waitMs: number }): Promise<Lock> {
  const id = randomUUID();
  const own = `${path}.${id}`;
  const text = `${process.pid} ${JSON.stringify({ id, host: HERE, started: startOf(process.pid) })}\n`;
  await writeFile(own, text);
  const begun = performance.now();
  try {
    for (;;) {
      if (await linkLock(own, path)) return holding(path, text);
      const owner = await ownerOf(path);
      if (owner !== undefined && (await isAlive(path, owner, own))) {
        if (performance.now() - begun >= waitMs) throw new RunInUseError(folder, owner);
        await wait(RETRY_MS);
        continue;
      }
      await removeStale(path, { owner, to: `${own}.old` });
    }
  } finally {
    await rm(own, { force: true });
  }
}

function holding(path: string, text: string): Lock {
  const isOwn = async (): Promise<boolean> => (await ownerOf(path))?.text === text;
  const beat = setInterval(() => {
    const now = new Date();
    // If another process has taken over the lock, only that process may update its heartbeat.
    void isOwn()
      .then(async (own) => own && utimes(path, now, now))
      .catch(() => undefined);
  }, HEARTBEAT_MS);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      if (await isOwn()) await rm(path, { force: true });
    },
  };
}

/** Links the file `own` as the lock. Returns false if a lock already exists. */
async function linkLock(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      // Some file systems have no hard links; an exclusive copy is the best substitute.
      await copyFile(own, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The owner of the lock; undefined if the file does not exist or names no process. */
async function ownerOf(path: string): Promise<Owner | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!Number.isInteger(pid)) return undefined;
  try {
    return { text, pid, ...(JSON.parse(text.slice(String(pid).length)) as Pick<Owner, 'host' | 'started'>) };
  } catch {
    return { text, pid };
  }
}

/** Removes the lock of a dead process. If another process has replaced that lock meanwhile, restores the new lock. */
async function removeStale(path: string, { owner, to }: { owner: Owner | undefined; to: string }): Promise<void> {
  try {
    await rename(path, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await ownerOf(to))?.text !== owner?.text) await linkLock(to, path);
  await rm(to, { force: true });
}

/** Whether the lock's owner still runs, because a killed process leaves its lock behind. */
async function isAlive(path: string, { pid, host, started }: Owner, own: string): Promise<boolean> {
  if (host !== undefined && !isHere(host)) return isBeating(path, own);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // The system reuses process ids, so the start time must match too.
  return !isZombie(pid) && (started === undefined || started === startOf(pid));
}

/** Compares the heartbeat with the time of a new file, because a network file system has its own clock. */
async function isBeating(path: string, own: string): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.NEGATIVE_INFINITY }));
  const probe = `${own}.now`;
  await writeFile(probe, '');
  const now = await stat(probe);
  await rm(probe, { force: true });
  return now.mtimeMs - mtimeMs < STALE_MS;
}

const isHere = ({ name, boot, pidNamespace }: Host): boolean =>
  boot === HERE.boot && pidNamespace === HERE.pidNamespace && (boot !== '' || name === HERE.name);

/** Reads and trims a text. Returns '' if it cannot be read, as on systems without /proc. */
function read(what: () => string): string {
  try {
    return what().trim();
  } catch {
    return '';
  }
}

const HERE: Host = {
  name: hostname(),
  boot: read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
  pidNamespace: read(() => readlinkSync('/proc/self/ns/pid')),
};

/** The fields of /proc/PID/stat that follow the program's name (it may contain spaces); empty without /proc. */
const statOf = (pid: number): string[] =>
  read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
    .replace(/^.*\) /s, '')
    .split(' ');

/** When the process started, in clock ticks since the system's start; undefined without /proc. */
const startOf = (pid: number): string | undefined => statOf(pid)[19];

/** True for a process that has ended but has not been reaped by its parent; always false without /proc. */
const isZombie = (pid: number): boolean => ['Z', 'X'].includes(statOf(pid)[0]!);
