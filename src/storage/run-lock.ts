/**
 * The lock of a run's folder: a file that names the process that uses the folder. That process updates the file's
 * modification time as a heartbeat. A process id identifies a process only on one host and in one PID namespace (each
 * container has its own). A lock from another host or container is therefore judged by its heartbeat.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { constants, copyFile, link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { GlobeError } from '../core/errors.ts';

const RETRY_MS = 50;
const HEARTBEAT_MS = 5000;
/** A lock from another host or container expires after this time without a heartbeat. */
export const STALE_MS = 30_000;

/** Another process uses the folder. The caller can wait for that process or do other work. */
export class RunInUseError extends GlobeError {
  constructor(folder: string, { pid, host }: Owner) {
    const isElsewhere = host !== undefined && !isHere(host);
    const who = `process ${pid}${isElsewhere ? ` on ${host.name} (another host or container)` : ''}`;
    super({
      code: 'invalid-input',
      message: `${folder} is in use by ${who}.`,
      hint: isElsewhere
        ? `Wait until that process ends, or give this run another name. If the process has died, its lock expires ${STALE_MS / 1000} s after its last heartbeat.`
        : `Wait until that process ends, or give this run another name. If process ${pid} is not a globe process, remove ${folder}/run.lock.`,
    });
  }
}

type Host = { readonly name: string; readonly boot: string; readonly pidNamespace: string };

/** The process that a lock file names. Older versions wrote only the process id. */
type Owner = { readonly text: string; readonly pid: number; readonly host?: Host; readonly started?: string };

export type Lock = { readonly release: () => Promise<void> };

/**
 * Takes the lock, or throws `RunInUseError`. The lock is a hard link to a file that already names its owner. A lock
 * file that is created first and written later would be empty for a moment. Other processes would then take it for the
 * lock of a dead process.
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
    // If another process has taken over the lock, this process must not update the heartbeat.
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

/** Creates the lock as a link to the file `own`. Returns false if a lock already exists. */
async function linkLock(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      // Some file systems have no hard links. An exclusive copy is the best alternative there.
      await copyFile(own, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Reads the owner of the lock. Returns undefined if the file does not exist or contains no process id. */
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

/**
 * Removes the lock of a dead process. If another process has replaced that lock in the meantime, restores the new lock.
 */
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

/** True if the lock's owner still runs. A killed process leaves its lock file behind. */
async function isAlive(path: string, { pid, host, started }: Owner, own: string): Promise<boolean> {
  if (host !== undefined && !isHere(host)) return isBeating(path, own);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // The operating system reuses process ids, so the start time must match too.
  return !isZombie(pid) && (started === undefined || started === startOf(pid));
}

/**
 * Compares the heartbeat with the modification time of a new file, because a network file system may use another clock
 * than this host.
 */
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

/** Returns the trimmed text, or '' if it cannot be read, as on systems without /proc. */
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

/**
 * Returns the fields of /proc/PID/stat after the program's name. Skips the name, because it may contain spaces. Returns
 * one empty field on systems without /proc.
 */
const statOf = (pid: number): string[] =>
  read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
    .replace(/^.*\) /s, '')
    .split(' ');

/** Returns the start time of the process in clock ticks since boot; undefined on systems without /proc. */
const startOf = (pid: number): string | undefined => statOf(pid)[19];

/** True if the process has ended but its parent has not reaped it. Always false on systems without /proc. */
const isZombie = (pid: number): boolean => ['Z', 'X'].includes(statOf(pid)[0]!);
