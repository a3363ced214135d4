/**
 * The lock of a run's folder: a file that names the process that works in it, and the time of whose last change is its
 * heartbeat. A process id means something only on one host and in one PID namespace (a container has its own), so a
 * lock from elsewhere counts as long as its heart beats.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { constants, copyFile, link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { GlobeError } from '../core/errors.ts';

const RETRY_MS = 50;
const HEARTBEAT_MS = 5000;
/** A lock from another host or container is free after this long without a heartbeat. */
export const STALE_MS = 30_000;

/** Another process works in the folder: wait for it, or work on something else meanwhile. */
export class RunInUseError extends GlobeError {
  constructor(folder: string, { pid, host }: Owner) {
    const isElsewhere = host !== undefined && !isHere(host);
    const who = `process ${pid}${isElsewhere ? ` on ${host.name} (another host or container)` : ''}`;
    super({
      code: 'invalid-input',
      message: `${folder} is in use by ${who}.`,
      hint: isElsewhere
        ? `Wait for it, or give this run another name. If it has died, its lock is free ${STALE_MS / 1000} s after its last sign of life.`
        : `Wait for it, or give this run another name. If process ${pid} is another program, remove ${folder}/run.lock.`,
    });
  }
}

type Host = { readonly name: string; readonly boot: string; readonly pidNamespace: string };

/** The owner in a lock file; older versions wrote the process id alone. */
type Owner = { readonly text: string; readonly pid: number; readonly host?: Host; readonly started?: string };

export type Lock = { readonly release: () => Promise<void> };

/**
 * Takes the lock, or throws `RunInUseError`. The lock is a link to a file that already names its owner: a file that is
 * created and then written would be empty for a moment, and would seem to be the lock of a dead process.
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
    // If another process has taken the lock over, its own heart beats.
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

/** Undefined if the file does not exist or names no process. */
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

/** Removes the lock of a dead process. If a new lock has replaced it meanwhile, puts that one back. */
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

/** A killed process leaves its lock behind, with the id of a process that no longer runs. */
async function isAlive(path: string, { pid, host, started }: Owner, own: string): Promise<boolean> {
  if (host !== undefined && !isHere(host)) return isBeating(path, own);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // Process ids are used again; the time of the start is not.
  return !isZombie(pid) && (started === undefined || started === startOf(pid));
}

/** Compares with a file that is written now, because the clock of a network file system is another one. */
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

/** Empty on a system without /proc, where the host's name must do. */
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

/** The fields of /proc/PID/stat after the name, which may contain any characters; empty without /proc. */
const statOf = (pid: number): string[] =>
  read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
    .replace(/^.*\) /s, '')
    .split(' ');

/** The process's start in clock ticks since the boot; undefined without /proc. */
const startOf = (pid: number): string | undefined => statOf(pid)[19];

/** True for a process that has ended but that its parent has not reaped; always false on a system without /proc. */
const isZombie = (pid: number): boolean => ['Z', 'X'].includes(statOf(pid)[0]!);
